package cli

// benchSize is a parameter among the words.
const benchSize = "%d毫米"
