package ui

// Tour is one step of a first-run tour, shown above the page until it is over.
type Tour struct {
	Action string // where its form goes
	Back   string // the page it stands on
	Step   int    // from 0
	Steps  int
	Title  string
	Text   string
	Link   Link // the page the step is about
}

// last says whether there is no further step.
func (t Tour) last() bool { return t.Step+1 >= t.Steps }
