package onnx

import "github.com/yuntu-city/yuntu/internal/i18n"

var _ = i18n.English(map[string]string{
	"本程序构建时没有加入 ONNX，不能在本机运行向量模型。需要时在装有 C 编译器的机器上另行构建：CGO_ENABLED=1 go build -trimpath -tags onnx -o yuntu ./cmd/yuntu；也可改用向量服务的地址": "this program was built without ONNX and cannot run models of vectors on this machine. Build one that can, where there is a C compiler: CGO_ENABLED=1 go build -trimpath -tags onnx -o yuntu ./cmd/yuntu; or give the address of a service of vectors",
	"不能载入 ONNX Runtime 的库“%s”（须 1.24 或更新）：%s":                             "the library of ONNX Runtime “%s” (1.24 or newer is needed) cannot be loaded: %s",
	"已载入 ONNX Runtime 的库“%s”，不能再载入“%s”":                                   "the library of ONNX Runtime “%s” is loaded, “%s” cannot be besides",
	"模型目录中的“%s”无法读取：%s":                                                   "“%s” in the folder of the model cannot be read: %s",
	"模型目录中的“%s”有误：%s":                                                     "“%s” in the folder of the model is wrong: %s",
	"没有模型目录“%s”":                                                          "there is no folder of a model “%s”",
	"模型目录中没有 model.onnx":                                                  "the folder of the model has no model.onnx",
	"embedder.json 的 pooling 只能是 mean 或 cls":                              "pooling in embedder.json is mean or cls",
	"embedder.json 的 maxTokens 应为 %d 至 %d":                                "maxTokens in embedder.json is %d to %d",
	"embedder.json 的 model 应为目录内的文件名":                                     "model in embedder.json is the name of a file in the folder",
	"embedder.json 的 prefix 过长，最多 %d 字节":                                  "prefix in embedder.json is too long, %d bytes at most",
	"模型的池化方式不是 mean 也不是 cls，请在 embedder.json 中写明 pooling":                 "the model pools neither by mean nor by cls: say pooling in embedder.json",
	"模型需要的输入“%s”不支持，只支持 input_ids、attention_mask 与 token_type_ids（int64）": "the model wants the input “%s”, which is not supported: only input_ids, attention_mask and token_type_ids (int64) are",
	"模型没有输入“%s”":                                                          "the model has no input “%s”",
	"模型没有可用的输出（float32，每词元或每条文字一个向量）":                                     "the model has no output that can be used (float32, a vector for each piece or each text)",
	"模型没有可用的输出“%s”（float32，每词元或每条文字一个向量）":                                 "the model has no output “%s” that can be used (float32, a vector for each piece or each text)",
})
