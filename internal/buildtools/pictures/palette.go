// Package pictures takes the pictures of the documents from a running demonstration:
//
//	go run ./cmd/yuntu demo --addr 127.0.0.1:8470
//	go test ./internal/buildtools/pictures -run Take -site http://127.0.0.1:8470
//
// They are small: their upper part only, with a palette of a few colours.
package pictures

import (
	"cmp"
	"image"
	"image/color"
	"image/draw"
	"slices"
)

// Limits of the pictures in docs/pictures.
const (
	MaxBytes = 120 << 10  // of one
	MaxAll   = 1536 << 10 // of all together
	colours  = 64
)

// bucket is a cube of alike colours.
type bucket struct {
	n, r, g, b int
}

// Palette is at most n colours of a picture: three in four are those that it has most of, the others those
// that are least like them. Colours that differ in the lowest bits of a channel are one.
func Palette(m image.Image, n int) color.Palette {
	const bits = 4 // kept of each channel
	buckets := map[[3]uint8]*bucket{}
	at := m.Bounds()
	for y := at.Min.Y; y < at.Max.Y; y++ {
		for x := at.Min.X; x < at.Max.X; x++ {
			r, g, b, _ := m.At(x, y).RGBA()
			key := [3]uint8{uint8(r >> (16 - bits)), uint8(g >> (16 - bits)), uint8(b >> (16 - bits))}
			k := buckets[key]
			if k == nil {
				k = &bucket{}
				buckets[key] = k
			}
			k.n, k.r, k.g, k.b = k.n+1, k.r+int(r>>8), k.g+int(g>>8), k.b+int(b>>8)
		}
	}
	all := make([]*bucket, 0, len(buckets))
	for _, k := range buckets {
		all = append(all, k)
	}
	slices.SortFunc(all, func(a, b *bucket) int {
		return cmp.Or(cmp.Compare(b.n, a.n), cmp.Compare(a.r*b.n, b.r*a.n), cmp.Compare(a.g*b.n, b.g*a.n),
			cmp.Compare(a.b*b.n, b.b*a.n))
	})
	most := min(n-n/4, len(all))
	var out color.Palette
	for _, k := range all[:most] {
		out = append(out, k.colour())
	}
	for rest := all[most:]; len(out) < n && len(rest) > 0; {
		i := farthest(out, rest)
		out = append(out, rest[i].colour())
		rest = slices.Delete(rest, i, i+1)
	}
	return out
}

func (k *bucket) colour() color.RGBA {
	return color.RGBA{uint8(k.r / k.n), uint8(k.g / k.n), uint8(k.b / k.n), 255}
}

// farthest is the bucket whose colour is least like any of a palette: small things such as a seal or a
// light keep their colour.
func farthest(p color.Palette, list []*bucket) int {
	best, at := -1, 0
	for i, k := range list {
		c, near := k.colour(), 1<<30
		for _, have := range p {
			h := have.(color.RGBA)
			r, g, b := int(c.R)-int(h.R), int(c.G)-int(h.G), int(c.B)-int(h.B)
			near = min(near, r*r+g*g+b*b)
		}
		if near > best {
			best, at = near, i
		}
	}
	return at
}

// Reduce cuts a picture to a height and gives it a palette.
func Reduce(m image.Image, height int) *image.Paletted {
	at := m.Bounds()
	at.Max.Y = min(at.Max.Y, at.Min.Y+height)
	out := image.NewPaletted(image.Rect(0, 0, at.Dx(), at.Dy()), Palette(m, colours))
	draw.Draw(out, out.Bounds(), m, at.Min, draw.Src)
	return out
}
