const messages = 'http://schemas.microsoft.com/exchange/services/2006/messages'

/** The operations that the sandbox serves, as a client's tools read them: `Services.wsdl`. */
export function wsdl(request: Request, operations: readonly string[]): Response {
  const bindings = operations.map(
    (name) =>
      `<wsdl:operation name="${name}"><soap:operation soapAction="${messages}/${name}"/><wsdl:input><soap:body parts="request" use="literal"/></wsdl:input><wsdl:output><soap:body parts="${name}Result" use="literal"/></wsdl:output></wsdl:operation>`,
  )
  const ports = operations.map(
    (name) =>
      `<wsdl:operation name="${name}"><wsdl:input message="tns:${name}SoapIn"/><wsdl:output message="tns:${name}SoapOut"/></wsdl:operation>`,
  )
  const parts = operations.map(
    (name) =>
      `<wsdl:message name="${name}SoapIn"><wsdl:part name="request" element="tns:${name}"/></wsdl:message><wsdl:message name="${name}SoapOut"><wsdl:part name="${name}Result" element="tns:${name}Response"/></wsdl:message>`,
  )
  const address = `${new URL(request.url).origin}/EWS/Exchange.asmx`
  const text = `<?xml version="1.0" encoding="utf-8"?><wsdl:definitions xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:tns="${messages}" targetNamespace="${messages}">${parts.join('')}<wsdl:portType name="ExchangeServicePortType">${ports.join('')}</wsdl:portType><wsdl:binding name="ExchangeServiceBinding" type="tns:ExchangeServicePortType"><soap:binding transport="http://schemas.xmlsoap.org/soap/http"/>${bindings.join('')}</wsdl:binding><wsdl:service name="ExchangeServices"><wsdl:port name="ExchangeServicePort" binding="tns:ExchangeServiceBinding"><soap:address location="${address}"/></wsdl:port></wsdl:service></wsdl:definitions>`
  return new Response(text, { headers: { 'Content-Type': 'text/xml; charset=utf-8' } })
}
