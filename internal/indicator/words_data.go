package indicator

// oddWord follows a value that is a little more than the round number.
const oddWord = "余"
