package money

// units are the words an amount may end with, longer ones before those they end with.
var units = []struct {
	word string
	unit Unit
}{
	{"亿元", Yi}, {"亿", Yi},
	{"万元", Wan}, {"万", Wan},
	{"元", Yuan},
}
