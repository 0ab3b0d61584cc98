using System.Net.Security;
using System.Security.Authentication;
using FlowKit.Configuration.Flow;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;

namespace FlowKit.Serving.Gateway.Security;

/// <summary>
/// Puts TLS before a listener, when the configuration names a certificate; HTTP/2 and HTTP/1.1 are then chosen by the client.
/// </summary>
internal static class Tls
{
    /// <exception cref="FlowKitException">The certificate cannot be used.</exception>
    public static ServerCertificate? Open(FlowConfig config, TimeProvider time, ILoggerFactory loggers) =>
        config.Gateway.Security.CertificateFile is null
        ? null
        : new ServerCertificate(config.Gateway.Security, config.BaseDirectory, time, loggers.CreateLogger<ServerCertificate>());

    public static void Use(ListenOptions listener, ServerCertificate? certificate)
    {
        if (certificate is null)
        {
            return;
        }

        listener.UseHttps(new TlsHandshakeCallbackOptions
        {
            OnConnection = _ => ValueTask.FromResult(new SslServerAuthenticationOptions
            {
                ServerCertificateContext = certificate.Current,
                EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                ApplicationProtocols = Protocols(listener.Protocols),
                ClientCertificateRequired = certificate.ClientPolicy is not null,
                CertificateChainPolicy = certificate.ClientPolicy,
            }),
        });
    }

    private static List<SslApplicationProtocol> Protocols(HttpProtocols protocols) =>
    [
        .. protocols.HasFlag(HttpProtocols.Http2) ? [SslApplicationProtocol.Http2] : (SslApplicationProtocol[])[],
        .. protocols.HasFlag(HttpProtocols.Http1) ? [SslApplicationProtocol.Http11] : (SslApplicationProtocol[])[],
    ];
}
