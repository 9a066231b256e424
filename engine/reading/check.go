package reading

// check compares the numbers of a document with each other.
func (rd *reader) check() {}
