package market

// Wrong says what is wrong with what was written of a post, at its fields, as CreatePost would; nil
// when nothing is. A form asks it together with what it could not read, so that people hear all of
// it at once. Organisations and places are looked up by CreatePost only.
func Wrong(d PostData) error {
	d.normalise()
	var f faults
	d.check(&f)
	classified(&f, d)
	return f.err()
}

// Lacking says what is still missing before the bureau looks at a post, at its fields; nil when
// nothing is.
func Lacking(d PostData) error {
	d.normalise()
	var f faults
	d.lacks(&f)
	return f.err()
}
