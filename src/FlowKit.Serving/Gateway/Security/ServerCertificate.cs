using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FlowKit.Configuration.Gateway;
using FlowKit.Telemetry;
using Microsoft.Extensions.Logging;

namespace FlowKit.Serving.Gateway.Security;

/// <summary>
/// The gateway's certificate, taken anew when its files change. One that cannot be used stops the start, and later leaves the old one in
/// place.
/// </summary>
internal sealed partial class ServerCertificate
{
    private static readonly TimeSpan s_soon = TimeSpan.FromDays(14);

    private readonly Lock _loading = new();
    private readonly WatchedFile _certificate;
    private readonly WatchedFile _key;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private volatile SslStreamCertificateContext _current;
    private bool _isBehind;
    private string? _told;

    /// <exception cref="FlowKitException">The files cannot be read, do not belong together, or the certificate has expired.</exception>
    public ServerCertificate(GatewaySecurityConfig config, string folder, TimeProvider time, ILogger logger)
    {
        _time = time;
        _logger = logger;
        _certificate = new WatchedFile(Path.GetFullPath(config.CertificateFile!, folder), time);
        _key = new WatchedFile(Path.GetFullPath(config.KeyFile!, folder), time);
        ClientPolicy = ClientAuthorities.Read(config, folder);
        _current = Load(out _);
        SecretFile.WarnWhenOpen(_key.Path, "ssl_keyfile", logger);
    }

    /// <summary>The policy by which a client's certificate is checked; <see langword="null"/> when none is asked for.</summary>
    public X509ChainPolicy? ClientPolicy { get; }

    /// <summary>The certificate that a handshake uses now.</summary>
    public SslStreamCertificateContext Current
    {
        get
        {
            if (_certificate.IsDue && _loading.TryEnter())
            {
                try
                {
                    Refresh();
                }
                finally
                {
                    _loading.Exit();
                }
            }

            return _current;
        }
    }

    private void Refresh()
    {
        try
        {
            var loaded = Load(out var isNew);
            if (isNew)
            {
                _current = loaded;
                _told = null;
                Log.Taken(_logger, _certificate.Path, loaded.TargetCertificate.NotAfter);
            }
        }
        catch (FlowKitException exception)
        {
            if (exception.Message != _told)
            {
                Log.Kept(_logger, _told = exception.Message);
            }
        }
    }

    /// <summary>The chain is not completed over the network: what the file holds is sent.</summary>
    private SslStreamCertificateContext Load(out bool isNew)
    {
        var wasBehind = _isBehind;
        _isBehind = true;
        var certificate = Read(_certificate, "ssl_certfile", out var newCertificate);
        var key = Read(_key, "ssl_keyfile", out var newKey);
        isNew = newCertificate || newKey || wasBehind;
        if (!isNew)
        {
            _isBehind = false;
            return _current;
        }

        try
        {
            var all = new X509Certificate2Collection();
            all.ImportFromPem(certificate);
            var own = X509Certificate2.CreateFromPem(certificate, key);
            EnsureValid(own);
            var context = SslStreamCertificateContext.Create(own, [.. all.Skip(1)], offline: true);
            _isBehind = false;
            return context;
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            throw new FlowKitException(
                FlowErrorCode.FailedPrecondition,
                $"gateway.ssl_certfile: '{_certificate.Path}' and the key '{_key.Path}' cannot be used: {exception.Message} "
                    + "Expected a PEM certificate and its PEM private key without a password.",
                exception);
        }
    }

    private void EnsureValid(X509Certificate2 certificate)
    {
        var now = _time.GetUtcNow();
        if (now > certificate.NotAfter || now < certificate.NotBefore)
        {
            throw new FlowKitException(
                FlowErrorCode.FailedPrecondition,
                $"gateway.ssl_certfile: the certificate '{_certificate.Path}' is valid from {certificate.NotBefore:yyyy-MM-dd} "
                    + $"to {certificate.NotAfter:yyyy-MM-dd}, which is not now.");
        }

        if (certificate.NotAfter - now < s_soon)
        {
            Log.EndsSoon(_logger, _certificate.Path, certificate.NotAfter);
        }
    }

    private static string Read(WatchedFile file, string key, out bool isNew)
    {
        try
        {
            return file.Read(out isNew);
        }
        catch (Exception exception) when (FileFailure.IsOfFiles(exception))
        {
            throw new FlowKitException(
                FlowErrorCode.NotFound, $"gateway.{key}: the file '{file.Path}' cannot be read: {exception.Message}", exception);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            EventIds.CertificateChanged, LogLevel.Information, "The certificate {Path} has changed and is used now; it ends {NotAfter}")]
        public static partial void Taken(ILogger logger, string path, DateTime notAfter);

        [LoggerMessage(EventIds.CertificateKept, LogLevel.Warning, "The certificate is used as it was: {Reason}")]
        public static partial void Kept(ILogger logger, string reason);

        [LoggerMessage(EventIds.CertificateEndsSoon, LogLevel.Warning, "The certificate {Path} ends soon: {NotAfter}")]
        public static partial void EndsSoon(ILogger logger, string path, DateTime notAfter);
    }
}
