package demo

// Seed is that of the shipped demonstration.
const Seed = 20261122

// dice gives a repeatable sequence of numbers (SplitMix64).
type dice struct{ state uint64 }

func (d *dice) next() uint64 {
	d.state += 0x9e3779b97f4a7c15
	z := d.state
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// below returns a number from 0 to n-1.
func (d *dice) below(n int) int { return int(d.next() % uint64(n)) }

// one reports whether something happens once in n times.
func (d *dice) one(n int) bool { return d.below(n) == 0 }

func pick[T any](d *dice, list []T) T { return list[d.below(len(list))] }
