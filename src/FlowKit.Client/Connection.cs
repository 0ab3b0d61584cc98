using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FlowKit.Wire;

namespace FlowKit.Client;

/// <summary>Makes the handler under every protocol: kept connections, and the trust that the options ask for.</summary>
internal static class Connection
{
    /// <exception cref="FlowKitException">The file of trusted certificates cannot be used.</exception>
    public static SocketsHttpHandler Open(FlowClientOptions options) => new()
    {
        // A gateway never redirects; whoever does would get the caller's key and documents.
        AllowAutoRedirect = false,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        EnableMultipleHttp2Connections = true,
        AutomaticDecompression = options.AcceptCompressed
            ? DecompressionMethods.GZip | DecompressionMethods.Brotli
            : DecompressionMethods.None,
        SslOptions = Tls(options),
    };

    /// <summary>Returns the options by which a server's certificate is checked.</summary>
    /// <exception cref="FlowKitException">The file of trusted certificates cannot be used.</exception>
    public static SslClientAuthenticationOptions Tls(FlowClientOptions options) =>
        new() { CertificateChainPolicy = Trust(options.TrustedCertificatesFile) };

    private static X509ChainPolicy? Trust(string? file)
    {
        if (file is null)
        {
            return null;
        }

        try
        {
            return TrustedAuthorities.Read(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new FlowKitException(
                FlowErrorCode.InvalidArgument, $"The trusted certificates '{file}' cannot be read: {exception.Message}", exception);
        }
    }
}
