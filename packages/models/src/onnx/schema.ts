import protobuf from 'protobufjs/light.js';
import type { OnnxElementType } from './model.js';

/** A field of a message: number, type, and how often it occurs. */
type Field = { id: number; type: string; rule?: 'repeated'; options?: object };

/** The standard is proto2, whose readers (OpenCV's among them) tell a field that is zero from one that is absent. */
const explicit = { features: { field_presence: 'EXPLICIT' } };
const one = (id: number, type: string): Field => ({ id, type, options: explicit });
const many = (id: number, type: string): Field => ({ id, type, rule: 'repeated' });
const packed = (id: number, type: string): Field => ({ id, type, rule: 'repeated', options: { packed: true } });

/**
 * The messages of ONNX that inference needs; fields left out are skipped on reading.
 *
 * Source: onnx/onnx.proto of the ONNX standard (field numbers never change meaning there).
 */
const messages = {
  ModelProto: {
    fields: {
      irVersion: one(1, 'int64'),
      producerName: one(2, 'string'),
      graph: one(7, 'GraphProto'),
      opsetImport: many(8, 'OperatorSetIdProto'),
      metadataProps: many(14, 'StringStringEntryProto'),
    },
  },
  OperatorSetIdProto: { fields: { domain: one(1, 'string'), version: one(2, 'int64') } },
  StringStringEntryProto: { fields: { key: one(1, 'string'), value: one(2, 'string') } },
  GraphProto: {
    fields: {
      node: many(1, 'NodeProto'),
      name: one(2, 'string'),
      initializer: many(5, 'TensorProto'),
      input: many(11, 'ValueInfoProto'),
      output: many(12, 'ValueInfoProto'),
    },
  },
  NodeProto: {
    fields: {
      input: many(1, 'string'),
      output: many(2, 'string'),
      name: one(3, 'string'),
      opType: one(4, 'string'),
      attribute: many(5, 'AttributeProto'),
      domain: one(7, 'string'),
    },
  },
  AttributeProto: {
    fields: {
      name: one(1, 'string'),
      f: one(2, 'float'),
      i: one(3, 'int64'),
      s: one(4, 'bytes'),
      t: one(5, 'TensorProto'),
      floats: many(7, 'float'),
      ints: many(8, 'int64'),
      strings: many(9, 'bytes'),
      type: one(20, 'int32'),
    },
  },
  TensorProto: {
    fields: {
      dims: many(1, 'int64'),
      dataType: one(2, 'int32'),
      floatData: packed(4, 'float'),
      int32Data: packed(5, 'int32'),
      int64Data: packed(7, 'int64'),
      name: one(8, 'string'),
      rawData: one(9, 'bytes'),
      doubleData: packed(10, 'double'),
      uint64Data: packed(11, 'uint64'),
      dataLocation: one(14, 'int32'),
    },
  },
  ValueInfoProto: { fields: { name: one(1, 'string'), type: one(2, 'TypeProto') } },
  TypeProto: { fields: { tensorType: one(1, 'TensorTypeProto') } },
  TensorTypeProto: { fields: { elemType: one(1, 'int32'), shape: one(2, 'TensorShapeProto') } },
  TensorShapeProto: { fields: { dim: many(1, 'DimensionProto') } },
  DimensionProto: {
    oneofs: { value: { oneof: ['dimValue', 'dimParam'] } },
    fields: { dimValue: one(1, 'int64'), dimParam: one(2, 'string') },
  },
};

/** The reader and writer of a whole .onnx file. */
export const modelMessage = protobuf.Root.fromJSON({ nested: messages }).lookupType('ModelProto');

/** Codes of `TensorProto.DataType`. */
export const elementTypeCodes: Readonly<Record<OnnxElementType, number>> = {
  float: 1,
  uint8: 2,
  int8: 3,
  uint16: 4,
  int16: 5,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  double: 11,
  uint32: 12,
  uint64: 13,
};

/** Bytes of one element. */
export const elementBytes: Readonly<Record<OnnxElementType, number>> = {
  float: 4,
  uint8: 1,
  int8: 1,
  uint16: 2,
  int16: 2,
  int32: 4,
  int64: 8,
  bool: 1,
  float16: 2,
  double: 8,
  uint32: 4,
  uint64: 8,
};

/** Codes of `AttributeProto.AttributeType`. */
export const attributeKindCodes = {
  float: 1,
  int: 2,
  string: 3,
  tensor: 4,
  floats: 6,
  ints: 7,
  strings: 8,
} as const;

/** A decoded ModelProto; repeated fields are always there. */
export interface WireModel {
  irVersion?: number;
  producerName?: string;
  graph?: WireGraph;
  opsetImport: { domain?: string; version?: number }[];
  metadataProps: { key?: string; value?: string }[];
}

/** A decoded GraphProto. */
export interface WireGraph {
  name?: string;
  node: WireNode[];
  initializer: WireTensor[];
  input: WireValue[];
  output: WireValue[];
}

/** A decoded NodeProto. */
export interface WireNode {
  name?: string;
  opType?: string;
  domain?: string;
  input: string[];
  output: string[];
  attribute: WireAttribute[];
}

/** A decoded AttributeProto. */
export interface WireAttribute {
  name?: string;
  type?: number;
  f?: number;
  i?: number;
  s?: Uint8Array;
  t?: WireTensor;
  floats: number[];
  ints: number[];
  strings: Uint8Array[];
}

/** A decoded TensorProto. */
export interface WireTensor {
  name?: string;
  dims: number[];
  dataType?: number;
  floatData: number[];
  int32Data: number[];
  int64Data: number[];
  doubleData: number[];
  uint64Data: number[];
  rawData?: Uint8Array;
  dataLocation?: number;
}

/** A decoded ValueInfoProto. */
export interface WireValue {
  name?: string;
  type?: {
    tensorType?: { elemType?: number; shape?: { dim: { dimValue?: number; dimParam?: string }[] } };
  };
}
