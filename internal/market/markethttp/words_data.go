package markethttp

// wordMarks are the marks that people put between words of a list.
const wordMarks = ";；,，、\n\t"
