//go:build !onnx

package onnx

// load says that this program cannot run a model.
func load(string) error {
	return invalid("本程序构建时没有加入 ONNX，不能在本机运行向量模型。" +
		"需要时在装有 C 编译器的机器上另行构建：CGO_ENABLED=1 go build -trimpath -tags onnx -o yuntu ./cmd/yuntu；" +
		"也可改用向量服务的地址")
}

// newSession is not reached: load comes first.
func newSession(string, settings) (session, error) { return nil, load("") }
