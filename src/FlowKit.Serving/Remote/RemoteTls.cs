using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FlowKit.Wire;

namespace FlowKit.Serving.Remote;

/// <summary>Makes the check of a server elsewhere, and what this client shows it.</summary>
internal static class RemoteTls
{
    private const int MaxBytes = 1 << 20;

    /// <exception cref="FlowKitException">A file is not there or holds no certificate.</exception>
    public static SslClientAuthenticationOptions? Of(RemoteOptions options, string baseDirectory)
    {
        if (options.CaCertfile is null && options.Certfile is null)
        {
            return null;
        }

        var tls = new SslClientAuthenticationOptions();
        if (options.CaCertfile is { } authorities)
        {
            tls.CertificateChainPolicy = Read("ssl_ca_certfile", authorities, baseDirectory, TrustedAuthorities.Read);
        }

        if (options is { Certfile: { } certificate, Keyfile: { } key })
        {
            tls.ClientCertificates = Read("ssl_certfile", certificate, baseDirectory, path =>
            {
                // The platform wants a key that is not bound to the file it was read from.
                using var read = X509Certificate2.CreateFromPem(ReadText(path), ReadText(Path.GetFullPath(key, baseDirectory)));
                return new X509Certificate2Collection(X509CertificateLoader.LoadPkcs12(read.Export(X509ContentType.Pkcs12), null));
            });
        }

        return tls;
    }

    private static string ReadText(string path) => System.Text.Encoding.UTF8.GetString(RegularFile.Read(path, MaxBytes));

    private static T Read<T>(string key, string file, string baseDirectory, Func<string, T> read)
    {
        var path = Path.GetFullPath(file, baseDirectory);
        try
        {
            return read(path);
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new FlowKitException(FlowErrorCode.FailedPrecondition, $"{key}: '{path}' cannot be used: {exception.Message}", exception);
        }
    }
}
