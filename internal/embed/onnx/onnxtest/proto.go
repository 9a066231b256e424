package onnxtest

import (
	"encoding/binary"
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

// tensor is a TensorProto of float32.
func tensor(name string, rows [][]float32) message {
	var m message
	m = m.number(1, int64(len(rows))).number(1, int64(len(rows[0]))).number(2, Float).text(8, name)
	var raw []byte
	for _, row := range rows {
		for _, x := range row {
			raw = binary.LittleEndian.AppendUint32(raw, math.Float32bits(x))
		}
	}
	return m.bytes(9, raw)
}

// node is a NodeProto without attributes.
func node(kind, output string, inputs ...string) message {
	var m message
	for _, in := range inputs {
		m = m.text(1, in)
	}
	return m.text(2, output).text(4, kind)
}

// value is a ValueInfoProto: a tensor whose dimensions have names only.
func value(name string, element int64, dims ...string) message {
	var shape message
	for _, d := range dims {
		shape = shape.bytes(1, message(nil).text(2, d))
	}
	kind := message(nil).bytes(1, message(nil).number(1, element).bytes(2, shape))
	return message(nil).text(1, name).bytes(2, kind)
}
