package pdftext

import (
	"bytes"
	"compress/zlib"
	"encoding/ascii85"
	"io"
)

// decode returns the bytes of a stream after its filters, and none when a filter is not known:
// those of pictures are of no use here. A damaged stream gives what comes before the damage.
func (f *file) decode(d *dict) []byte {
	data := d.raw
	filters, params := f.listOf(d.keys["Filter"]), f.listOf(d.keys["DecodeParms"])
	for i, filter := range filters {
		var p *dict
		if i < len(params) {
			p = f.dict(params[i])
		} else {
			p = &dict{}
		}
		data = f.apply(f.resolve(filter), p, data)
		if f.bytes -= len(data); f.bytes < 0 {
			f.err = ErrTooMuch
		}
		if f.err != nil || i >= maxForms {
			return nil
		}
	}
	return data
}

// listOf makes a list of what may stand alone.
func (f *file) listOf(o object) array {
	switch o := f.resolve(o).(type) {
	case nil:
		return nil
	case array:
		return o
	default:
		return array{o}
	}
}

func (f *file) apply(filter object, params *dict, data []byte) []byte {
	switch filter {
	case name("FlateDecode"), name("Fl"):
		r, err := zlib.NewReader(bytes.NewReader(data))
		if err != nil {
			return nil
		}
		return f.unpredict(params, f.limited(r))
	case name("LZWDecode"), name("LZW"):
		early := params.keys["EarlyChange"] == nil || f.number(params.keys["EarlyChange"]) != 0
		return f.unpredict(params, f.lzw(data, early))
	case name("ASCIIHexDecode"), name("AHx"):
		return []byte((&lexer{data: data}).hex())
	case name("ASCII85Decode"), name("A85"):
		if end := bytes.IndexByte(data, '~'); end >= 0 {
			data = data[:end]
		}
		return f.limited(ascii85.NewDecoder(bytes.NewReader(data)))
	case name("RunLengthDecode"), name("RL"):
		return f.runs(data)
	}
	return nil
}

// limited reads what there is up to the limit of a stream.
func (f *file) limited(r io.Reader) []byte {
	out, _ := io.ReadAll(io.LimitReader(r, maxStreamBytes+1)) // before the damage
	if len(out) > maxStreamBytes {
		f.err = ErrTooMuch
	}
	return out
}

func (f *file) runs(data []byte) []byte {
	var out []byte
	for i := 0; i < len(data) && data[i] != 128 && len(out) <= maxStreamBytes; {
		n := int(data[i])
		i++
		if n < 128 {
			end := min(len(data), i+n+1)
			out = append(out, data[i:end]...)
			i = end
		} else if i < len(data) {
			out = append(out, bytes.Repeat(data[i:i+1], 257-n)...)
			i++
		}
	}
	return out
}

// lzw decodes the LZW of PDF and TIFF: codes of 9 to 12 bits, the high bit first, which grow one
// code early unless said otherwise.
func (f *file) lzw(data []byte, early bool) []byte {
	const clear, end, longest = 256, 257, 12
	var out []byte
	table := make([][]byte, 1<<longest)
	next, width, change := end+1, 9, 0
	if early {
		change = 1
	}
	var previous []byte
	bits, have := 0, 0
	for _, c := range data {
		bits, have = bits<<8|int(c), have+8
		if have < width {
			continue
		}
		have -= width
		code := bits >> have & (1<<width - 1)
		bits &= 1<<have - 1
		if code == clear {
			next, width, previous = end+1, 9, nil
			continue
		}
		var now []byte
		switch {
		case code == end:
			return out
		case code < clear:
			now = []byte{byte(code)}
		case code < next:
			now = table[code]
		case code == next && previous != nil:
			now = append(previous[:len(previous):len(previous)], previous[0])
		default:
			return out
		}
		if previous != nil && next < len(table) {
			table[next] = append(previous[:len(previous):len(previous)], now[0])
			next++
		}
		if next+change >= 1<<width && width < longest {
			width++
		}
		if out, previous = append(out, now...), now; len(out) > maxStreamBytes {
			f.err = ErrTooMuch
			return nil
		}
	}
	return out
}

// unpredict undoes the PNG prediction, in which each row says how it was written.
func (f *file) unpredict(params *dict, data []byte) []byte {
	if f.number(params.keys["Predictor"]) < 10 {
		return data
	}
	colours := max(1, int(f.number(params.keys["Colors"])))
	depth := max(8, int(f.number(params.keys["BitsPerComponent"])))
	columns := max(1, int(f.number(params.keys["Columns"])))
	if colours > 32 || depth > 16 || columns > maxStreamBytes/64 {
		return nil
	}
	step := colours * depth / 8
	row := step * columns
	out := make([]byte, 0, len(data))
	above := make([]byte, row)
	for len(data) > row {
		kind, now := data[0], data[1:row+1]
		data = data[row+1:]
		for i := range now {
			var left, corner byte
			if i >= step {
				left, corner = now[i-step], above[i-step]
			}
			now[i] += predicted(kind, left, above[i], corner)
		}
		out = append(out, now...)
		above = now
	}
	return out
}

// predicted is the prediction of the PNG standard, section 9.
func predicted(kind, left, up, corner byte) byte {
	switch kind {
	case 1:
		return left
	case 2:
		return up
	case 3:
		return byte((int(left) + int(up)) / 2)
	case 4:
		p := int(left) + int(up) - int(corner)
		a, b, c := abs(p-int(left)), abs(p-int(up)), abs(p-int(corner))
		if a <= b && a <= c {
			return left
		}
		if b <= c {
			return up
		}
		return corner
	}
	return 0
}

func abs(n int) int { return max(n, -n) }
