import { Message } from './protobuf';

/** Messages of ONNX (onnx/onnx:onnx/onnx.proto3), by their field numbers. */
const FIELD = {
  model: { irVersion: 1, producerName: 2, graph: 7, opsetImport: 8, metadata: 14 },
  opset: { domain: 1, version: 2 },
  entry: { key: 1, value: 2 },
  graph: { node: 1, name: 2, input: 11, output: 12, between: 13 },
  node: { input: 1, output: 2, opType: 4, attribute: 5, domain: 7 },
  attribute: { name: 1, integer: 3, text: 4, floats: 7, integers: 8, texts: 9, type: 20 },
  valueInfo: { name: 1, type: 2 },
  type: { tensor: 1 },
  tensor: { elementType: 1, shape: 2 },
  shape: { dimension: 1 },
  dimension: { value: 1, parameter: 2 },
} as const;

const ATTRIBUTE_TYPE = { integer: 2, text: 3, floats: 6, integers: 7, texts: 8 } as const;

/** The oldest versions that hold all we write: any later runtime reads them. */
const IR_VERSION = 7;
const OPSETS = { '': 13, 'ai.onnx.ml': 1 };

export const TENSOR_TYPE = { float: 1, int64: 7 } as const;

export type AttributeValue =
  | { readonly integer: number }
  | { readonly text: string }
  | { readonly floats: readonly number[] }
  | { readonly integers: readonly number[] }
  | { readonly texts: readonly string[] };

export function attribute(name: string, value: AttributeValue): Message {
  const { attribute: field } = FIELD;
  const message = new Message().text(field.name, name);
  const typed = (type: keyof typeof ATTRIBUTE_TYPE) => message.integer(field.type, ATTRIBUTE_TYPE[type]);
  if ('integer' in value) return typed('integer').integer(field.integer, value.integer);
  if ('text' in value) return typed('text').text(field.text, value.text);
  if ('floats' in value) return typed('floats').floats(field.floats, value.floats);
  if ('integers' in value) return typed('integers').integers(field.integers, value.integers);
  return typed('texts').texts(field.texts, value.texts);
}

export function nodeOf(node: {
  readonly type: string;
  readonly domain?: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: readonly Message[];
}): Message {
  const { node: field } = FIELD;
  const message = new Message()
    .texts(field.input, node.inputs)
    .texts(field.output, node.outputs)
    .text(field.opType, node.type);
  for (const one of node.attributes) message.message(field.attribute, one);
  return node.domain === undefined ? message : message.text(field.domain, node.domain);
}

/** A named tensor; a dimension is a number or the name of one that varies. */
export function tensorInfo(name: string, elementType: number, dimensions: readonly (string | number)[]): Message {
  const shape = new Message();
  for (const one of dimensions) {
    const dimension = new Message();
    if (typeof one === 'number') dimension.integer(FIELD.dimension.value, one);
    else dimension.text(FIELD.dimension.parameter, one);
    shape.message(FIELD.shape.dimension, dimension);
  }
  const tensor = new Message().integer(FIELD.tensor.elementType, elementType).message(FIELD.tensor.shape, shape);
  const type = new Message().message(FIELD.type.tensor, tensor);
  return new Message().text(FIELD.valueInfo.name, name).message(FIELD.valueInfo.type, type);
}

export function graphOf(graph: {
  readonly name: string;
  readonly nodes: readonly Message[];
  readonly inputs: readonly Message[];
  readonly outputs: readonly Message[];
  /** Tensors between nodes, whose types older checkers do not infer. */
  readonly between: readonly Message[];
}): Message {
  const { graph: field } = FIELD;
  const message = new Message();
  for (const node of graph.nodes) message.message(field.node, node);
  message.text(field.name, graph.name);
  for (const input of graph.inputs) message.message(field.input, input);
  for (const output of graph.outputs) message.message(field.output, output);
  for (const tensor of graph.between) message.message(field.between, tensor);
  return message;
}

export function modelOf(graph: Message, metadata: Readonly<Record<string, string>>): Message {
  const { model: field } = FIELD;
  const message = new Message()
    .integer(field.irVersion, IR_VERSION)
    .text(field.producerName, 'glasshouse')
    .message(field.graph, graph);
  for (const [domain, version] of Object.entries(OPSETS)) {
    const opset = new Message().text(FIELD.opset.domain, domain).integer(FIELD.opset.version, version);
    message.message(field.opsetImport, opset);
  }
  for (const [key, value] of Object.entries(metadata)) {
    message.message(field.metadata, new Message().text(FIELD.entry.key, key).text(FIELD.entry.value, value));
  }
  return message;
}
