using System.Diagnostics.CodeAnalysis;
using System.Net;
using FlowKit.Configuration.Schema;
using FlowKit.Configuration.Yaml;

namespace FlowKit.Configuration.Gateway;

/// <summary>An address of this machine to listen on.</summary>
internal sealed class HostParser : ScalarParser<string>
{
    public HostParser()
        : base("an IP address such as 127.0.0.1 or 0.0.0.0, or localhost")
    {
    }

    public override bool AllowsNull => true;

    protected override bool TryParse(YamlScalar scalar, [MaybeNullWhen(false)] out string value)
    {
        value = scalar.Value;
        return value == "localhost" || IPAddress.TryParse(value, out _);
    }
}
