// Package site keeps what the operator says about the site: its name, who runs it, and the lines
// that a Chinese government site owes in its footer (国办发〔2017〕47号: 主办单位, 网站标识码, ICP 备案,
// 公安备案, 联系方式).
//
// Settings are few and read on every page, so the service keeps them in memory and reads them
// again when they change.
package site
