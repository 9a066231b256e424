package composite

import "fmt"

// Screening leaves out units of which too little is known.
type Screening struct {
	MinPresent float64 `json:"minPresent,omitempty"` // least share of values that are there, 0 to 1
	MinNonZero float64 `json:"minNonZero,omitempty"` // least share of those there that are not 0
}

// Screened says what is known of a unit, and whether it stays.
type Screened struct {
	Unit    string  `json:"unit"`
	Present float64 `json:"present"`
	NonZero float64 `json:"nonZero"` // of those that are there
	Kept    bool    `json:"kept"`
}

// Screen returns the table of the units that stay, and what was found of all.
func Screen(t *Table, s Screening) (*Table, []Screened, error) {
	for _, v := range []float64{s.MinPresent, s.MinNonZero} {
		if !(v >= 0 && v <= 1) {
			return nil, nil, fmt.Errorf("a share of %v is not from 0 to 1", v)
		}
	}
	mark, found := make([]bool, len(t.Units)), make([]Screened, len(t.Units))
	for i, u := range t.Units {
		var there, full int
		for _, col := range t.Values {
			if !missing(col[i]) {
				there++
				if col[i] != 0 {
					full++
				}
			}
		}
		f := Screened{Unit: u, Present: share(there, len(t.Values)), NonZero: share(full, there)}
		f.Kept = f.Present >= s.MinPresent && f.NonZero >= s.MinNonZero
		mark[i], found[i] = f.Kept, f
	}
	out := t.keep(mark)
	if len(out.Units) == 0 {
		return nil, found, fmt.Errorf("no unit has enough values")
	}
	return out, found, nil
}

func share(part, whole int) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}
