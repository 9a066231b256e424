package config

// usualLicence is the line beside data sets where nothing else is set.
const usualLicence = "可以自由使用、复制和再分发，使用时请注明来源和取得日期"
