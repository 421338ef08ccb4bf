import { anchorPresets, ModelError, sha256Hex } from '@retinabench/core';
import { GraphBuilder } from '../graph/builder.js';
import type { ImportedModel } from '../import/import-checkpoint.js';
import { readOnnx } from '../onnx/read.js';
import { writeOnnx } from '../onnx/write.js';
import { colourDilation, colourPyramid } from './colour-pyramid.js';
import { type ColourPart, denseHead, denseOutput, randomDenseWeights } from './dense-head.js';
import { headMaps } from './head-maps.js';
import { assertHeadFits, networkFingerprint, type TrainedHead } from './trained-head.js';

/**
 * A RetinaFace with the paper's dense head added: the same boxes, scores and landmarks, and P_ST, P_cam, P_ill of every
 * anchor.
 *
 * @param head a trained head, or the seed of random weights; the same head gives the same bytes.
 * @param options.force also attach a head that was trained on another network of the same shape; its title says so.
 * @returns the new file and its card, whose id ends in `-dense`.
 * @throws {ModelError} if the card's decoder is not RetinaFace's, has a dense head already, or the graph's heads are not
 * found (headMaps); if the head was trained on another network.
 */
export function withDenseHead(
  model: ImportedModel,
  head: TrainedHead | number,
  { force = false }: { readonly force?: boolean } = {},
): ImportedModel {
  const { card } = model;
  const { decoder } = card;
  if (decoder?.kind !== 'retinaface' || decoder.outputs.dense !== undefined) {
    throw new ModelError(
      `model ${card.id}: expected a RetinaFace without a dense head, got ${decoder?.kind ?? card.task}${decoder?.kind === 'retinaface' ? ' with one' : ''}; choose another model`,
    );
  }
  const base = readOnnx(model.onnx, card.id);
  const builder = new GraphBuilder(base.graph.name);
  const place = `model ${card.id}`;
  const maps = headMaps(base, decoder.outputs.scores, place);
  const fingerprint = networkFingerprint(base, decoder.outputs.scores, place);
  if (typeof head !== 'number') assertHeadFits(head, maps, fingerprint, place, force);
  const added =
    typeof head === 'number'
      ? denseHead(builder, maps, randomDenseWeights(maps, head))
      : denseHead(builder, maps, head.levels, coloursOf(builder, head, model), head.hidden);
  const { graph } = builder.build();
  const initialisers = new Map(
    [...base.graph.initialisers, ...graph.initialisers].map((tensor) => [tensor.name, tensor]),
  );
  const onnx = writeOnnx({
    ...base,
    graph: {
      ...base.graph,
      nodes: [...base.graph.nodes, ...graph.nodes],
      initialisers: [...initialisers.values()],
      outputs: [...base.graph.outputs, ...graph.outputs],
    },
  });
  const { published: _, ...rest } = card;
  return {
    onnx,
    card: {
      ...rest,
      id: `${card.id}-dense`,
      ...(typeof head === 'number'
        ? { title: `${card.title} with a dense head of random weights (seed ${head})` }
        : {
            title: `${card.title} with ${headTitle(head, fingerprint)}`,
            licence: `${card.licence}; dense head: ${head.licence}`,
          }),
      decoder: {
        ...decoder,
        outputs: { ...decoder.outputs, dense: denseOutput },
        ...(typeof head === 'number' || head.frame === 'anchor' ? {} : { denseFrame: head.frame }),
      },
      parameters: card.parameters + added,
      sha256: sha256Hex(onnx),
    },
  };
}

function headTitle({ title, base, fingerprint }: TrainedHead, network: string): string {
  return fingerprint === network ? title : `${title} that belongs to another network (${base})`;
}

/** The colour part of a trained head, on the input of its network. */
function coloursOf(graph: GraphBuilder, { colours }: TrainedHead, { card }: ImportedModel): ColourPart[] | undefined {
  if (colours === undefined || card.decoder?.kind !== 'retinaface') return undefined;
  const { levels } = anchorPresets[card.decoder.anchors];
  const maps = colourPyramid(
    graph,
    card.input.tensor,
    levels.map(({ stride }) => stride),
  );
  return levels.map(({ stride, sizesPx }, level) => ({
    map: maps[level],
    dilations: sizesPx.map((sizePx) => colourDilation(stride, sizePx)),
    weight: colours[level],
  }));
}
