#!/usr/bin/python3
"""Makes an encoder whose vectors do not depend on what else is in a run.

    scripts/make_encoder.py SOURCE.onnx TARGET.onnx

SOURCE is a BERT-like encoder that ONNX Runtime's dynamic quantiser made, with a scale for each
column of the weights. Its inputs of matrices get one scale over all texts of a run: beside others a
text's vector moves, by as much as paraphrases differ. TARGET has the same weights and a scale for
each token, so texts can share a run, and is nearer to what the weights in floats give. It is
written in ONNX Runtime's own operators, which make up for the time that more scales take.

The bytes of TARGET depend on SOURCE and the version of ONNX, not on the machine: they are part of an
embedder's identity. Needs Debian's python3-onnx.
"""

import argparse
import re
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

RUNTIME = "com.microsoft"  # ONNX Runtime's own operators
EPSILON = 1e-12  # of BERT's layer norms
# GELU is nowhere below -0.16998: with this added, all of a byte serves what is above.
ABOVE_GELU = 0.17


class Encoder:
    """The graph that is being made: nodes, and the tensors that they share."""

    def __init__(self, source):
        self.source = source
        self.given = {t.name: numpy_helper.to_array(t) for t in source.graph.initializer}
        self.check_inputs()
        self.weights = self.read_weights()
        self.hidden = self.given["embeddings.LayerNorm.bias"].size
        self.heads = self.read_heads()
        self.tensors = {}
        self.nodes = []

    def check_inputs(self):
        inputs = {value.name for value in self.source.graph.input}
        missing = {"input_ids", "attention_mask", "token_type_ids"} - inputs
        if missing:
            sys.exit(f"the source has no input {', '.join(sorted(missing))}")

    def read_heads(self):
        """Of attention, by what its scores are divided by: the root of a head's width."""
        constants = {
            node.output[0]: numpy_helper.to_array(node.attribute[0].t)
            for node in self.source.graph.node
            if node.op_type == "Constant"
        }
        for node in self.source.graph.node:
            if node.op_type == "Div" and node.name == "/encoder/layer.0/attention/self/Div":
                width = round(float(constants[node.input[1]]) ** 2)
                if self.hidden % width == 0:
                    return self.hidden // width
        sys.exit("the source's attention is not divided by the root of a head's width")

    def read_weights(self):
        """The bytes and the columns' scales of each dense layer, by its name in the source."""
        weights = {}
        for node in self.source.graph.node:
            if node.op_type != "MatMulInteger":
                continue
            name = node.name.split("/MatMul")[0].replace("/encoder/", "").replace("/", ".")
            stem = node.input[1].removesuffix("_quantized")
            if self.given[stem + "_zero_point"].any():
                sys.exit(f"{name}: its bytes have a zero point; only symmetric ones are read")
            weights[name] = (self.given[node.input[1]], self.given[stem + "_scale"])
        if not weights:
            sys.exit("the source has no MatMulInteger: it was not quantised dynamically")
        for name in weights:
            if not re.match(r"layer\.\d+\.", name):
                sys.exit(f"{name}: only the layers of an encoder are read")
        return weights

    def tensor(self, name, value):
        self.tensors[name] = np.ascontiguousarray(value)
        return name

    def parameter(self, name):
        return self.tensor(name, self.given[name])

    def add(self, operator, inputs, output, domain="", **attributes):
        outputs = [output] if isinstance(output, str) else output
        self.nodes.append(helper.make_node(operator, inputs, outputs, domain=domain, **attributes))
        return output

    def embedding(self, kind, ids):
        table = f"embeddings.{kind}.weight"
        rows = self.add("Gather", [self.parameter(table + "_quantized"), ids], kind + ".bytes")
        scale = [self.parameter(table + "_scale"), self.parameter(table + "_zero_point")]
        return self.add("DequantizeLinear", [rows, *scale], kind)

    def embeddings(self):
        words = self.embedding("word_embeddings", "input_ids")
        types = self.embedding("token_type_embeddings", "token_type_ids")
        one = self.tensor("one", np.int64([1]))
        length = self.add("Gather", [self.add("Shape", ["input_ids"], "shape"), one], "length")
        zero = self.tensor("zero", np.int64([0]))
        all_places = self.parameter("embeddings.position_ids")
        ids = self.add("Slice", [all_places, zero, length, one, one], "places")
        places = self.embedding("position_embeddings", ids)
        total = self.add("Add", [self.add("Add", [words, types], "words.types"), places], "sum")
        norm = [self.parameter(f"embeddings.LayerNorm.{part}") for part in ("weight", "bias")]
        return self.add("LayerNormalization", [total, *norm], "embedded", epsilon=EPSILON)

    def dense(self, rows, names, output, of_gelu=False):
        """`rows` by the weights of `names` side by side, without the bias. Returns both."""
        if of_gelu:
            up = self.add("Add", [rows, self.tensor("up", np.float32(ABOVE_GELU))], output + ".up")
            size, most = up, 255
            zero_point = self.tensor("least", np.uint8(0))
        else:
            up = rows
            size, most = self.add("Abs", [rows], output + ".abs"), 127
            zero_point = self.tensor("middle", np.uint8(128))
        largest = self.add("ReduceMax", [size], output + ".largest", axes=[-1], keepdims=1)
        shares = self.add("Div", [up, largest], output + ".shares")
        step = self.tensor(f"step.{most}", np.float32(1 / most))
        steps = self.add("QuantizeLinear", [shares, step, zero_point], output + ".bytes")

        weights = np.concatenate([self.weights[name][0] for name in names], axis=1)
        scales = np.concatenate([self.weights[name][1] for name in names])
        bias = np.concatenate([self.given[f"encoder.{name}.bias"] for name in names])
        if of_gelu:
            # Sums of whole numbers, so that they are the same on every machine.
            sums = weights.astype(np.int64).sum(axis=0)
            bias = bias - ABOVE_GELU * (scales.astype(np.float64) * sums)
        product = self.add(
            "MatMulIntegerToFloat",
            [
                steps,
                self.tensor(output + ".weights", weights),
                self.tensor("unit", np.float32(1)),
                self.tensor(output + ".scales", scales / np.float32(most)),
                zero_point,
            ],
            output + ".product",
            domain=RUNTIME,
        )
        scaled = self.add("Mul", [product, largest], output)
        return scaled, self.tensor(output + ".bias", bias.astype(np.float32))

    def normed(self, rows_and_bias, beside, name, output):
        rows, bias = rows_and_bias
        norm = [self.parameter(f"encoder.{name}.{part}") for part in ("weight", "bias")]
        inputs = [rows, beside, *norm, bias]
        return self.add(
            "SkipLayerNormalization", inputs, output, domain=RUNTIME, epsilon=EPSILON
        )

    def layer(self, number, rows, output):
        layer = f"layer.{number}"
        parts = [f"{layer}.attention.self.{part}" for part in ("query", "key", "value")]
        together, bias = self.dense(rows, parts, layer + ".qkv")
        sizes = self.tensor("sizes", np.int64([self.hidden] * 3))
        self.add("Split", [together, sizes], parts, axis=-1)
        context = self.add(
            "MultiHeadAttention",
            [*parts, bias, "mask"],
            layer + ".context",
            domain=RUNTIME,
            num_heads=self.heads,
        )
        attended = self.normed(
            self.dense(context, [f"{layer}.attention.output.dense"], layer + ".attended"),
            rows,
            f"{layer}.attention.output.LayerNorm",
            layer + ".attention",
        )
        wide = self.dense(attended, [f"{layer}.intermediate.dense"], layer + ".wide")
        active = self.add("BiasGelu", list(wide), layer + ".gelu", domain=RUNTIME)
        return self.normed(
            self.dense(active, [f"{layer}.output.dense"], layer + ".narrow", of_gelu=True),
            attended,
            f"{layer}.output.LayerNorm",
            output,
        )

    def model(self):
        layers = len({re.match(r"layer\.\d+", name).group() for name in self.weights})
        output = self.source.graph.output[0].name
        rows = self.embeddings()
        self.add("Cast", ["attention_mask"], "mask", to=TensorProto.INT32)
        for number in range(layers):
            last = number == layers - 1
            rows = self.layer(number, rows, output if last else f"layer.{number}.output")
        graph = helper.make_graph(
            self.nodes,
            "encoder",
            list(self.source.graph.input),
            [self.source.graph.output[0]],
            [numpy_helper.from_array(value, name) for name, value in self.tensors.items()],
        )
        versions = [helper.make_opsetid("", 17), helper.make_opsetid(RUNTIME, 1)]
        return helper.make_model(graph, opset_imports=versions, ir_version=8)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("source")
    parser.add_argument("target")
    options = parser.parse_args()
    try:
        source = onnx.load(options.source)
    except Exception as error:  # the parser's own, of no common kind
        sys.exit(f"{options.source}: cannot be read as a model: {error}")
    try:
        model = Encoder(source).model()
    except KeyError as missing:
        sys.exit(f"{options.source}: has no {missing}, so it is no BERT-like encoder")
    onnx.save(model, options.target)


if __name__ == "__main__":
    main()
