package dealhttp

// standardNDA is the text that the form of an agreement starts with; people change it as they need.
const standardNDA = `一、双方对本次对接中获得的、对方标明保密的技术资料和经营信息负有保密义务，只用于评估和商谈合作。
二、未经对方书面同意，不向第三方披露，不申请专利，不用于自行研发和生产。
三、下列信息除外：已经公开的，接受前已合法持有的，由第三方合法提供的，依法必须披露的。
四、对接终止时，按对方要求返还或销毁资料。保密期为接受之日起三年。`
