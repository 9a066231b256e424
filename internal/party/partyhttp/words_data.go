package partyhttp

// regionEndings are the last characters of the names of provinces, cities and counties.
const regionEndings = "省市区县州盟旗"

// wordMarks are the marks that people put between words of a list.
const wordMarks = ";；,，、\n"
