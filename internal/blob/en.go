package blob

import "github.com/yuntu-city/yuntu/internal/i18n"

var _ = i18n.English(map[string]string{
	"文件是空的": "The file is empty.",
	"这是旧版 Office 文件或加了密码的文件，请另存为不加密的 .docx 或 .xlsx": "This is an old Office file or one " +
		"with a password; please save it as .docx or .xlsx without a password.",
	"PDF 文件不完整，请重新导出后再上传": "The PDF is incomplete; please export it again and upload that.",
	"图片已损坏或格式不受支持":        "The picture is damaged or of an unsupported form.",
	"图片太大：%d × %d 像素":     "The picture is too large: %d × %d pixels",
	"不接受压缩包，请上传其中的文件":     "Archives are not accepted; please upload the files inside it.",
	"文件内部的部件太多":           "The file has too many parts inside.",
	"文件加了密码，请取消密码后再上传":    "The file has a password; please remove it and upload again.",
	"文件展开后太大，已拒绝":         "The file would be too large once unpacked and was refused.",
	"文件已损坏，无法打开":          "The file is damaged and cannot be opened.",
	"文件含有宏，请另存为不含宏的文件后再上传": "The file contains macros; please save it without macros and " +
		"upload again.",
	"只接受 Word (.docx) 和 Excel (.xlsx) 的文档": "Only Word (.docx) and Excel (.xlsx) documents are " +
		"accepted.",
	"文件太大，最多 %s":          "The file is too large; the limit is %s",
	"这里不接受 %s 文件，可以上传：%s": "%s files are not accepted here; you can upload: %s",
	"文件空间已满，请联系系统管理员":     "The space for files is full; please contact the system administrator.",
	"文件空间不足：已用 %s，最多 %s":  "Not enough space for files: %s used of %s",
	"最多 %d 个附件":           "No more than %d attachments.",
	"文件未通过病毒检查，不能上传":      "The file did not pass the virus check and cannot be uploaded.",
	"病毒检查暂时不可用，文件未保存，请稍后再试": "The virus check is not available; the file was not saved. " +
		"Please try again later.",
	"没有找到这条记录": "This record was not found.",
	"第 %d 行有无法识别的字符，请以 UTF-8 或 GB18030 编码重新保存": "Line %d holds characters that cannot be read. Save the file again as UTF-8 or GB18030.",
	"无法识别这种文件":              "This kind of file is not recognised.",
	"这是网页或 XML 文件，不能作为文本上传": "This is a web page or XML and cannot be uploaded as text.",
})
