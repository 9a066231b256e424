package planhttp

// sentenceEnds are the characters that end a sentence.
const sentenceEnds = "。！？；!?;\n"
