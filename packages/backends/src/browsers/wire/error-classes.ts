import { BackendError, DatasetError, EnvironmentError, ModelError, ProtocolError, ShapeError } from '@retinabench/core';

/** The typed errors that a page may report, by the name under which they travel. */
export const errorClasses = {
  BackendError,
  DatasetError,
  EnvironmentError,
  ModelError,
  ProtocolError,
  ShapeError,
} as const;
