/** What can be wrong with annotations, whatever the predictions. */
export type AnnotationsCode =
  | 'faces-corners'
  | 'faces-outside'
  | 'faces-relative'
  | 'faces-twice'
  | 'faces-without-area'
  | 'flags-not-read';
