package cli

// benchChars are the characters that the words are made of.
const benchChars = "新能源材料电池高分子陶瓷合金纤维薄膜涂层激光传感器光学晶体半导体芯片封装检测控制系统机器人" +
	"数据模型算法通信网络卫星导航雷达无线微波天线电机轴承齿轮液压润滑铸造锻焊接切削模具夹具装配" +
	"农业种植灌溉土壤肥料饲料兽药养殖水产果蔬加工冷链保鲜酶发酵菌蛋白多糖提取分离纯化合成催化" +
	"医疗诊断影像植入康复护理药物疫苗抗体基因细胞血管骨科口腔眼耳鼻喉心脑肝肾污水废气固体粉尘" +
	"噪声监测治理煤炭矿山钻探瓦斯石油天然管道储运建筑混凝砂浆钢结构桥梁隧道路面防火隔热节能风力"

// benchSize is a parameter among the words.
const benchSize = "%d毫米"
