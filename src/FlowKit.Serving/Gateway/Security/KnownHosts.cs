using System.Net;
using System.Net.NetworkInformation;
using FlowKit.Configuration.Gateway;
using FlowKit.Serving.Grpc;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace FlowKit.Serving.Gateway.Security;

/// <summary>
/// Refuses requests under names that are not this gateway's, with 421. A page can have its own name lead to this machine (DNS rebinding);
/// the browser then takes the gateway for the page's own server, and only the name in <c>Host</c> tells.
/// </summary>
internal sealed class KnownHosts
{
    private const string Any = "*";

    private readonly ServerCertificate? _certificate;
    private readonly bool _isLocal;
    private readonly HashSet<string> _names;
    private readonly string[] _domains;

    /// <summary>The last name that was found to be known: callers mostly use one.</summary>
    private volatile string? _last;

    private KnownHosts(GatewayConfig config, ServerCertificate? certificate)
    {
        _certificate = certificate;
        _isLocal = config.IsLocal;
        _domains = [.. config.Security.Hosts.Where(host => host.StartsWith("*.", StringComparison.Ordinal)).Select(host => host[1..])];
        _names = new HashSet<string>(config.Security.Hosts, StringComparer.OrdinalIgnoreCase);
        if (!_isLocal)
        {
            var machine = IPGlobalProperties.GetIPGlobalProperties();
            _names.Add(machine.HostName);
            _names.Add($"{machine.HostName}.{machine.DomainName}");
        }
    }

    /// <summary>
    /// The names of a gateway; <see langword="null"/> where none needs to be known: on a socket of the file system, where callers show keys
    /// that no page has, where <c>cors</c> lets every page in, and where <c>hosts</c> says so.
    /// </summary>
    public static KnownHosts? Of(GatewayConfig config, ServerCertificate? certificate)
    {
        var needsNone = config.Socket is not null
            || config.Security.Hosts.Contains(Any)
            || (config.Security.Hosts.Count == 0 && (config.Cors || config.Security.NeedsKey));
        return needsNone ? null : new KnownHosts(config, certificate);
    }

    /// <summary>Adds the refusal.</summary>
    public void Use(IApplicationBuilder app) => app.UseWhen(context => !Allows(context.Request), static other => other.Run(Refuse));

    private bool Allows(HttpRequest request)
    {
        var name = request.Host.Host;
        if (name == _last || name.Length == 0 || GrpcPort.IsGrpc(request))
        {
            return true;
        }

        if (!Knows(name.Trim('[', ']').TrimEnd('.')))
        {
            return false;
        }

        _last = name;
        return true;
    }

    /// <summary>No public name is without a dot or ends in these domains, so none of them can be a page's.</summary>
    private bool Knows(string name)
    {
        if (IsLocal(name) || _names.Contains(name) || Array.Exists(_domains, domain => EndsWith(name, domain)))
        {
            return true;
        }

        if (!_isLocal && (IPAddress.TryParse(name, out _) || !name.Contains('.', StringComparison.Ordinal)
            || EndsWith(name, ".internal") || EndsWith(name, ".cluster.local")))
        {
            return true;
        }

        return _certificate?.Current.TargetCertificate.MatchesHostname(name) ?? false;
    }

    private static bool IsLocal(string name) =>
        GatewayConfig.IsLoopback(name) || EndsWith(name, ".localhost");

    private static bool EndsWith(string name, string domain) => name.EndsWith(domain, StringComparison.OrdinalIgnoreCase);

    private static Task Refuse(HttpContext context) => throw new BadHttpRequestException(
        $"'{context.Request.Host}' is not a name of this gateway; 'gateway.hosts' names more.", StatusCodes.Status421MisdirectedRequest);
}
