package identityhttp

// defaultProvider is what the identity provider is called unless the city names it.
const defaultProvider = "统一身份认证"
