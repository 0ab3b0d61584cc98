using FlowKit.Configuration.Gateway;

namespace FlowKit.Serving.Gateway.Security;

/// <summary>
/// A key with the scope admin that a gateway makes at its start and leaves in a file that only its user can read, so that
/// <c>flowkit scale</c> works on this machine. That a request comes from a loopback address proves nothing: a proxy may stand there.
/// </summary>
internal sealed class AdminToken : IDisposable
{
    private readonly string _text = ApiKeyDigest.NewKey();
    private readonly List<string> _files = [];

    public AdminToken() => AsKey = new ApiKeyConfig(ApiKeyDigest.Of(_text)) { Name = "admin token", Scopes = ApiKeyScopes.Admin };

    /// <summary>The token as the key that it is.</summary>
    public ApiKeyConfig AsKey { get; }

    /// <summary>Writes it for the ports that the gateway listens on; where the user has no folder for it, there is none.</summary>
    public void Write(IEnumerable<Uri> addresses)
    {
        foreach (var port in addresses.Where(address => address.Port > 0).Select(address => address.Port))
        {
            if (AdminTokenFile.PathOf(port) is { } path && AdminTokenFile.TryWrite(path, _text))
            {
                _files.Add(path);
            }
        }
    }

    /// <summary>Takes the files away; one that a later start has written stays.</summary>
    public void Dispose()
    {
        foreach (var path in _files)
        {
            AdminTokenFile.Remove(path, _text);
        }
    }
}
