export type { Architecture } from './architectures/architecture.js';
export { type Axes, type AxisName, formatAxes, parseAxes } from './card/axes.js';
export { type BoxForm, boxForm, boxForms } from './card/box-form.js';
export type { CardDecoder, CardDefaults, DenseFrame, ModelCard, PublishedAp } from './card/card.js';
export {
  type CardInput,
  type InputSize,
  type InputType,
  inputTypes,
  type Sampling,
  type SideInput,
  type SideValue,
} from './card/card-input.js';
export {
  type AnchorShape,
  activations,
  type ComposedBoxes,
  type ComposedDecoder,
  type ComposedGeometry,
  type ComposedLandmarks,
  type ComposedLevel,
  type ComposedScores,
  type PointOrMean,
  type PositionRule,
  type ScoreFactor,
  type SuppressedInGraph,
  type Unit,
  units,
  type ValueActivation,
  type ValueRule,
  type ValueSource,
} from './card/composed.js';
export {
  type CardEmbedding,
  type CropPlan,
  type CropRule,
  type CropSides,
  cropPlanOf,
  type FivePoints,
  type FlipRule,
  flipRules,
} from './card/embedding.js';
export { formatCard } from './card/format.js';
export { assertCard, parseCard } from './card/parse.js';
export { type PointSet, pointSetOf } from './card/point-set.js';
export { composedForm } from './card/preset.js';
export { cardSettings } from './card/settings.js';
export { colourDilation, colourPyramid } from './dense-head/colour-pyramid.js';
export { denseValues, type HeadMap, type HiddenPart } from './dense-head/dense-head.js';
export { headMaps } from './dense-head/head-maps.js';
export {
  networkFingerprint,
  readTrainedHead,
  type TrainedHead,
  writeTrainedHead,
} from './dense-head/trained-head.js';
export { withDenseHead } from './dense-head/with-dense-head.js';
export { type DecoderDraft, type Family, familyDefaults } from './draft/decoder-draft.js';
export { decoderDrafts } from './draft/decoder-drafts.js';
export { type FamilyInput, familyInput, type Normalisation, normalisations } from './draft/input-drafts.js';
export type { NetworkProbe, ProbedOutput } from './draft/network-probe.js';
export { type Activation, type ConvOptions, GraphBuilder } from './graph/builder.js';
export type { ConvWeights } from './graph/conv-weights.js';
export type { WeightRole, WeightSource } from './graph/weight-source.js';
export { type ImportedModel, importCheckpoint } from './import/import-checkpoint.js';
export type { ZooCard } from './node/known-models.js';
export { type ExternalPart, externalParts } from './onnx/external-data.js';
export type {
  OnnxAttribute,
  OnnxElementType,
  OnnxGraph,
  OnnxModel,
  OnnxNode,
  OnnxTensor,
  OnnxValue,
} from './onnx/model.js';
export { countMultiplyAdds } from './onnx/multiply-adds.js';
export { countParameters } from './onnx/parameters.js';
export { readOnnx } from './onnx/read.js';
export { tensorValues } from './onnx/tensor-values.js';
export { writeOnnx } from './onnx/write.js';
export { ByteReader } from './pickle/byte-reader.js';
export type { PickleDialect } from './pickle/pickle-dialect.js';
export type { PickleMeaning, PicklePoint } from './pickle/pickle-meaning.js';
export type { PickleOperation } from './pickle/pickle-operations.js';
export { PickleGlobal, PickleTuple, type PickleValue } from './pickle/pickle-value.js';
export { readPickle } from './pickle/read-pickle.js';
export { exposeValues } from './quantize/expose.js';
export { halveWeights } from './quantize/float16.js';
export { quantizeInt8, type ValueRange } from './quantize/int8.js';
export { type Int8Plan, planInt8 } from './quantize/int8-plan.js';
export {
  type TfliteModel,
  type TfliteNode,
  type TfliteQuantisation,
  type TfliteTensor,
  type TfliteType,
  tfliteTypes,
} from './tflite/model.js';
export { tfliteActivation, tflitePadding } from './tflite/options.js';
export { countTfliteParameters } from './tflite/parameters.js';
export { isTflite, readTflite, tfliteElsewhere } from './tflite/read.js';
export { writeTflite } from './tflite/write.js';
export { catalogue } from './zoo/catalogue.js';
export { findArchitecture } from './zoo/find-architecture.js';
export { architectureIds } from './zoo/model-ids.js';
export { defaultModelId } from './zoo/own-models.js';
export type {
  CheckpointModel,
  EmbeddedModel,
  OwnModel,
  PublishedFile,
  PublishedModel,
  RandomModel,
  ZooModel,
} from './zoo/zoo-model.js';
