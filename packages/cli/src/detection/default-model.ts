/** The model of a command that names none: it needs no download. */
export const defaultModelId = 'face-api-ssd-mobilenetv1';
