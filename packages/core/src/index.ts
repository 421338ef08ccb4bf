export { type Affine, invertAffine } from './align/affine.js';
export { arcfacePoints, arcfaceSidePx } from './align/arcface.js';
export { type CropTemplate, cropTemplatePoints, cropTemplates } from './align/crop-template.js';
export { estimateSimilarity, type SimilarityEstimate } from './align/similarity.js';
export { type ImageSides, warpAffine } from './align/warp.js';
export { cachedAnchors, countAnchors, generateAnchors } from './anchors/generate.js';
export { type AnchorLayout, type AnchorLevel, type AnchorPreset, anchorPresets } from './anchors/layout.js';
export * from './basics.js';
export { decodeBox, decodeBoxes, type Variances } from './box/decode.js';
export { encodeBox, encodeBoxes } from './box/encode.js';
export { flipBoxes } from './box/flip.js';
export { descendingOrder } from './box/order.js';
export { OverlapGrid } from './box/overlap-grid.js';
export { type SoftNmsDecay, type SoftNmsOptions, softNms } from './box/soft-nms.js';
export { type VoteOptions, voteBoxes } from './box/vote.js';
export * from './boxes.js';
export { Adam } from './fit/adam.js';
export { type CropFrame, cutCrop, faceCrop, fromCrop, type RgbPixels, toCrop } from './fit/crop.js';
export type { FaceModel } from './fit/face-model.js';
export {
  defaultObjectiveWeights,
  FaceObjective,
  type ObjectiveValue,
  type ObjectiveWeights,
} from './fit/face-objective.js';
export { facePoints68 } from './fit/face-points-68.js';
export {
  type FaceFit,
  type FitOptions,
  type FitRound,
  type FitStart,
  fitFace,
  fitFaceByRounds,
  startIllumination,
} from './fit/fit-face.js';
export { initialCamera } from './fit/initial-camera.js';
export { landmarkTerm } from './fit/landmark-term.js';
export { mirrored68 } from './fit/mirrored-68.js';
export { projectVertices } from './fit/project-vertices.js';
export { readFaceModel } from './fit/read-face-model.js';
export { decodeFloat16, encodeFloat16, floatToHalf, halfToFloat, largestFloat16 } from './float16.js';
export { type ImageHeader, readImageHeader } from './image/image-header.js';
export { packImage } from './image/pack.js';
export type { PackOptions } from './image/pack-options.js';
export { type ResizeGeometry, resizeBilinear } from './image/resize.js';
export { decodeLandmark, decodeLandmarks } from './landmark/decode.js';
export { encodeLandmark, encodeLandmarks } from './landmark/encode.js';
export { flipLandmarks } from './landmark/flip.js';
export { landmarkErrors, type NmeSummary, summarizeNme } from './landmark/nme.js';
export type { FaceAnnotations, HeadOutputs } from './loss/heads.js';
export { type Matches, type MatchOptions, type MatchPreset, match, matchPresets, unmatched } from './loss/match.js';
export { type MiningOptions, mineHardNegatives } from './loss/mine.js';
export { type MultiTaskLoss, multiTaskLoss, type PixelTerm, type PixelTermOf } from './loss/multi-task.js';
export { type MultiTaskOptions, type MultiTaskPreset, multiTaskPresets } from './loss/multi-task-options.js';
export { positivesByFace, positivesByLevel } from './loss/positives.js';
export { smoothL1, smoothL1Slope } from './loss/smooth-l1.js';
export { softmaxCrossEntropy } from './loss/softmax.js';
export { type ChebyshevShape, chebyshevForward } from './mesh/chebyshev.js';
export { type ChebyshevGradient, chebyshevBackward } from './mesh/chebyshev-backward.js';
export type { CsrMatrix } from './mesh/csr.js';
export { type Decimated, decimate } from './mesh/decimate.js';
export { MeshDecoder } from './mesh/decoder.js';
export {
  buildWeights,
  type ConvolutionWeights,
  type DecoderShape,
  type DecoderWeights,
  decoderTensors,
  readDecoderWeights,
  vertexFeatures,
} from './mesh/decoder-weights.js';
export type { FloatArray } from './mesh/float-array.js';
export { buildHierarchy, type MeshHierarchy, type MeshLevel } from './mesh/hierarchy.js';
export { loadHierarchy, saveHierarchy } from './mesh/hierarchy-file.js';
export type { DecoderKernels, LayerGradient } from './mesh/kernels.js';
export { type LaplacianKind, laplacianOf } from './mesh/laplacian.js';
export { parseObj } from './mesh/parse-obj.js';
export { scaledLaplacian } from './mesh/scaled-laplacian.js';
export { simdKernels } from './mesh/simd-kernels.js';
export type { Adjacency } from './mesh/topology.js';
export type { TriangleMesh } from './mesh/triangle-mesh.js';
export { writeObj } from './mesh/write-obj.js';
export { stratifiedSample } from './random/stratified-sample.js';
export { type CameraFrame, cameraFrame, projectToPixels, toCameraSpace, type Vector3 } from './render/camera.js';
export { type DenseFace, DenseFaceReader } from './render/dense-face.js';
export { type DenseLossOptions, densePixelTerm, splitDense, type ValueGradient } from './render/dense-loss.js';
export { interpolateColours } from './render/interpolate.js';
export { vertexNormals } from './render/normals.js';
export { cameraSize, type ImageSize, illuminationSize } from './render/parameters.js';
export { pixelLoss } from './render/pixel-loss.js';
export { type Culling, createRaster, type Raster, rasterize } from './render/rasterize.js';
export { Renderer, type RendererOptions, type RenderGradient } from './render/renderer.js';
export { shade } from './render/shade.js';
export { readSafetensors } from './safetensors/read.js';
export type { StoredTensor, TensorFile, TensorFormat } from './safetensors/tensor.js';
export { writeSafetensors } from './safetensors/write.js';
