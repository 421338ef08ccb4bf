import { headOutputs } from '../architectures/heads.js';
import { publicPort } from './public-port.js';
import type { OwnModel } from './zoo-model.js';

/** Id of the detector that runs where nothing was fetched. */
export const defaultModelId = 'retinaface-rb025';

/** The networks that were trained here. */
export const ownModels: readonly OwnModel[] = [
  {
    origin: 'own',
    file: 'retinaface-rb025.onnx',
    card: {
      ...publicPort,
      schemaVersion: 1,
      id: defaultModelId,
      title: 'RetinaFace MobileNet-0.25, trained by RetinaBench',
      source:
        'tools/train of RetinaBench, recipe in docs/training.md: 3,046 images of WIDER FACE train, class scores and landmarks of the public RetinaFace MobileNet-0.25 as further targets; no photograph of the data set mini and none of WIDER FACE val took part',
      licence: 'research use: trained on WIDER FACE',
      sha256: '12df5e78ab169c57514350509a99d0f369dc78c6824c41d24d42256f1d9bc19b',
      parameters: 426_608,
      decoder: {
        kind: 'retinaface',
        outputs: headOutputs,
        anchors: 'mnet025',
        variances: [0.1, 0.2],
        softmaxApplied: false,
      },
      published: [
        {
          ap: { easy: 0.8499, medium: 0.8, hard: 0.5567 },
          protocol: 'a quarter of WIDER FACE val (826 images 214968087af5), longest side 640, aeef50e93f68',
          source: 'wider all --scale vga of RetinaBench; 95 % intervals 0.822 to 0.874, 0.767 to 0.829, 0.483 to 0.610',
        },
        {
          ap: { easy: 0.7879, medium: 0.7829, hard: 0.6556 },
          protocol: 'a quarter of WIDER FACE val (826 images 214968087af5), original scale, d5f1cb9accd6',
          source: 'wider all of RetinaBench; 95 % intervals 0.755 to 0.818, 0.753 to 0.811, 0.622 to 0.688',
        },
      ],
    },
  },
];
