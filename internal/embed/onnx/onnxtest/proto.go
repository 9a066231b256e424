package onnxtest

import (
	"encoding/binary"
	"fmt"
	"math"
)

// message is a message of protocol buffers, as far as ONNX needs them.
type message []byte

// Kinds of fields on the wire.
const (
	wireVarint = 0
	wireBytes  = 2
)

func (m message) number(field int, v int64) message {
	m = binary.AppendUvarint(m, uint64(field<<3|wireVarint))
	return binary.AppendUvarint(m, uint64(v))
}

func (m message) bytes(field int, b []byte) message {
	m = binary.AppendUvarint(m, uint64(field<<3|wireBytes))
	m = binary.AppendUvarint(m, uint64(len(b)))
	return append(m, b...)
}

func (m message) text(field int, s string) message { return m.bytes(field, []byte(s)) }

// Types of elements in ONNX.
const (
	Float = 1
	Int32 = 6
	Int64 = 7
)

// builder puts a GraphProto together. What has no name of its own gets a number.
type builder struct {
	graph message
	names int
}

func (b *builder) name() string {
	b.names++
	return fmt.Sprintf("x%d", b.names)
}

// floats adds a tensor of float32 and returns its name.
func (b *builder) floats(data []float32, dims ...int64) string {
	var raw []byte
	for _, x := range data {
		raw = binary.LittleEndian.AppendUint32(raw, math.Float32bits(x))
	}
	return b.tensor(Float, raw, dims)
}

// ints adds a list of int64 and returns its name.
func (b *builder) ints(data ...int64) string {
	var raw []byte
	for _, x := range data {
		raw = binary.LittleEndian.AppendUint64(raw, uint64(x))
	}
	return b.tensor(Int64, raw, []int64{int64(len(data))})
}

// tensor adds a TensorProto.
func (b *builder) tensor(element int64, raw []byte, dims []int64) string {
	var m message
	for _, d := range dims {
		m = m.number(1, d)
	}
	name := b.name()
	b.graph = b.graph.bytes(5, m.number(2, element).text(8, name).bytes(9, raw))
	return name
}

// op adds a NodeProto and returns the name of what comes out.
func (b *builder) op(kind string, inputs ...string) string {
	return b.opWith(kind, nil, inputs...)
}

// opWith adds a NodeProto with attributes.
func (b *builder) opWith(kind string, attributes []message, inputs ...string) string {
	output := b.name()
	b.node(kind, output, attributes, inputs)
	return output
}

func (b *builder) node(kind, output string, attributes []message, inputs []string) {
	var m message
	for _, in := range inputs {
		m = m.text(1, in)
	}
	m = m.text(2, output).text(4, kind)
	for _, a := range attributes {
		m = m.bytes(5, a)
	}
	b.graph = b.graph.bytes(1, m)
}

// number and numbers are AttributeProtos.
func number(name string, v int64) []message {
	return []message{message(nil).text(1, name).number(3, v).number(20, 2)}
}

func numbers(name string, list ...int64) []message {
	m := message(nil).text(1, name).number(20, 7)
	for _, v := range list {
		m = m.number(8, v)
	}
	return []message{m}
}

// value is a ValueInfoProto: a tensor whose dimensions have names only.
func value(name string, element int64, dims []string) message {
	var shape message
	for _, d := range dims {
		shape = shape.bytes(1, message(nil).text(2, d))
	}
	kind := message(nil).bytes(1, message(nil).number(1, element).bytes(2, shape))
	return message(nil).text(1, name).bytes(2, kind)
}

// model ends a graph with its inputs and its output, of the dimensions that are given.
func (b *builder) model(inputs []string, element int64, last, output string, dims ...string) []byte {
	b.node("Identity", output, nil, []string{last})
	graph := b.graph.text(2, "g").bytes(12, value(output, Float, dims))
	for _, name := range inputs {
		graph = graph.bytes(11, value(name, element, []string{"batch", "sequence"}))
	}
	return message(nil).number(1, 8).bytes(7, graph).bytes(8, message(nil).text(1, "").number(2, 17))
}
