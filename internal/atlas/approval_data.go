package atlas

import "regexp"

// approvalPattern is the form of approval numbers (地图审核管理规定): GS(2024)0650号, GS京(2022)1061号,
// 晋S(2023)005号, with either sort of brackets.
var approvalPattern = regexp.MustCompile(`^(GS|[\p{Han}]S|GS[\p{Han}])[（(][0-9]{4}[)）][0-9]{3,5}号$`)
