using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FlowKit.Configuration.Gateway;
using FlowKit.Wire;

namespace FlowKit.Serving.Gateway.Security;

/// <summary>Whose certificates clients must show, for mutual TLS.</summary>
internal static class ClientAuthorities
{
    /// <returns>How a client's certificate is checked; <see langword="null"/> when none is asked for.</returns>
    /// <exception cref="FlowKitException">The file is not there or holds no certificate.</exception>
    public static X509ChainPolicy? Read(GatewaySecurityConfig config, string folder)
    {
        if (config.ClientAuthoritiesFile is not { } file)
        {
            return null;
        }

        var path = Path.GetFullPath(file, folder);
        try
        {
            return TrustedAuthorities.Read(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new FlowKitException(
                FlowErrorCode.FailedPrecondition, $"gateway.ssl_ca_certfile: '{path}' cannot be used: {exception.Message}", exception);
        }
    }
}
