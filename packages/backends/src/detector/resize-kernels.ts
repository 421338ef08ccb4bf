/** Ways of resizing an image; all but `opencv-linear` are kernels of libvips and run where sharp does. */
export const resizeKernels = ['opencv-linear', 'vips-nearest', 'vips-linear', 'vips-cubic', 'vips-lanczos3'] as const;
