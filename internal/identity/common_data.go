package identity

// commonWords are what people build guessable passwords from: the words that turn up first in any
// published count of leaked passwords, their pinyin counterparts, and names around this system. A
// password made only of such words, digits and signs at its ends is refused.
var commonWords = map[string]bool{
	"a": true, "aa": true, "aaa": true, "abc": true, "abcd": true, "abcabc": true, "abcdef": true,
	"access": true, "admin": true, "administrator": true, "adminadmin": true, "amanda": true,
	"andrew": true, "angel": true, "apple": true, "asd": true, "asdf": true, "asdfgh": true,
	"asdasd": true, "ashley": true, "baby": true, "bailey": true, "baseball": true, "basketball": true,
	"batman": true, "beijing": true, "changeme": true, "charlie": true, "chelsea": true, "china": true,
	"chuangxin": true, "computer": true, "daniel": true, "default": true, "donald": true,
	"dragon": true, "eric": true, "football": true, "freedom": true, "google": true, "guest": true,
	"gongye": true, "hello": true, "hockey": true, "hunter": true, "hunter2": true, "iloveyou": true,
	"internet": true, "jennifer": true, "jessica": true, "jordan": true, "joshua": true, "keji": true,
	"kejiju": true, "killer": true, "letmein": true, "liverpool": true, "login": true, "love": true,
	"loveme": true, "lovely": true, "maggie": true, "master": true, "matrix": true, "merlin": true,
	"michael": true, "michelle": true, "mima": true, "mimamima": true, "monkey": true, "mustang": true,
	"mypassword": true, "nicole": true, "ninja": true, "nihao": true, "oracle": true, "pass": true,
	"passwd": true, "password": true, "passwordpassword": true, "pokemon": true, "postgres": true,
	"princess": true, "purple": true, "pwd": true, "q": true, "qaz": true, "qazwsx": true, "qq": true,
	"qwe": true, "qweasd": true, "qweasdzxc": true, "qweqwe": true, "qwer": true, "qwert": true,
	"qwerty": true, "robert": true, "root": true, "samsung": true, "secret": true, "server": true,
	"shadow": true, "shanghai": true, "shanxi": true, "shenzhen": true, "soccer": true,
	"starwars": true, "summer": true, "sunshine": true, "superman": true, "support": true,
	"system": true, "taiyuan": true, "temp": true, "tencent": true, "test": true, "testtest": true,
	"thomas": true, "tigger": true, "trustno1": true, "user": true, "username": true, "w": true,
	"wang": true, "wangluo": true, "weixin": true, "welcome": true, "whatever": true, "winter": true,
	"woaini": true, "woaiwojia": true, "woshishui": true, "x": true, "xiaoming": true, "yuntu": true,
	"yuntucity": true, "z": true, "zhang": true, "zhongguo": true, "zaq": true, "zxc": true,
	"zxcv": true, "zxcvbn": true,
}

// keyRows are the keys of a keyboard from left to right, and the alphabet: fingers and eyes walk
// along them.
var keyRows = []string{
	"`1234567890-=", "qwertyuiop[]\\", "asdfghjkl;'", "zxcvbnm,./", "abcdefghijklmnopqrstuvwxyz",
	"1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p;/", "!@#$%^&*()_+",
}
