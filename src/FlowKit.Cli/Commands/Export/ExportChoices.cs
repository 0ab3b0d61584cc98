using System.CommandLine;
using System.CommandLine.Parsing;
using FlowKit.Orchestration.Export;

namespace FlowKit.Cli.Commands.Export;

/// <summary>The options of an export: all of them have the image, the others what the engine knows.</summary>
internal sealed class ExportChoices
{
    private static readonly ExportOptions s_defaults = new();

    private readonly Option<string> _image = new("--image")
    {
        Description = "FlowKit's own image, which runs the gateway and the executors that come with FlowKit.",
        DefaultValueFactory = _ => s_defaults.Image,
    };

    private readonly Option<string> _prefix = new("--image-prefix")
    {
        Description = "The registry and folder before the names of images that are built, such as registry.example.com/team.",
        DefaultValueFactory = _ => s_defaults.ImagePrefix,
    };

    private readonly Option<string> _tag = new("--tag")
    {
        Description = "The tag of images that are built.",
        DefaultValueFactory = _ => s_defaults.Tag,
    };

    private readonly Option<int> _gateways = new("--gateway-replicas")
    {
        Description = "How many gateways there are.",
        DefaultValueFactory = _ => s_defaults.GatewayReplicas,
    };

    private readonly Option<bool> _hostPorts = new("--host-ports")
    {
        Description = "Publishes the gateway on its own nodes alone, and not by Swarm's routing mesh.",
    };

    private readonly Option<string> _namespace = new("--namespace", "--k8s-namespace", "-n")
    {
        Description = "The namespace.",
        DefaultValueFactory = _ => s_defaults.Namespace,
    };

    private readonly Option<int> _inFlight = new("--target-in-flight")
    {
        Description = "The requests under way that a replica is to have on average before another one is started.",
        DefaultValueFactory = _ => s_defaults.TargetInFlight,
    };

    private readonly Option<Uri?> _keda = new("--keda")
    {
        Description = "The address of Prometheus, as KEDA reaches it: KEDA scales instead of a HorizontalPodAutoscaler.",
        CustomParser = ReadAddress,
    };

    private readonly Option<string?> _ingress = new("--ingress-host") { Description = "The host of an Ingress before the gateway." };

    public ExportChoices(Command command, ExportTarget target)
    {
        _gateways.RequireAtLeast(1);
        _inFlight.RequireAtLeast(1);
        IEnumerable<Option> options = target switch
        {
            ExportTarget.Compose => [_image, _prefix, _tag],
            ExportTarget.Swarm => [_image, _prefix, _tag, _gateways, _hostPorts],
            _ => [_image, _prefix, _tag, _gateways, _namespace, _inFlight, _keda, _ingress],
        };
        foreach (var option in options)
        {
            command.Add(option);
        }
    }

    /// <summary>Reads what was chosen; an option that the command does not have stays as it is by default.</summary>
    public ExportOptions Read(ParseResult result) => new()
    {
        Image = result.GetRequiredValue(_image),
        ImagePrefix = result.GetRequiredValue(_prefix),
        Tag = result.GetRequiredValue(_tag),
        GatewayReplicas = Has(result, _gateways) ? result.GetValue(_gateways) : s_defaults.GatewayReplicas,
        HostPorts = Has(result, _hostPorts) && result.GetValue(_hostPorts),
        Namespace = Has(result, _namespace) ? result.GetRequiredValue(_namespace) : s_defaults.Namespace,
        TargetInFlight = Has(result, _inFlight) ? result.GetValue(_inFlight) : s_defaults.TargetInFlight,
        Keda = Has(result, _keda) ? result.GetValue(_keda) : null,
        IngressHost = Has(result, _ingress) ? result.GetValue(_ingress) : null,
    };

    private static bool Has(ParseResult result, Option option) => result.CommandResult.Command.Options.Contains(option);

    private static Uri? ReadAddress(ArgumentResult result)
    {
        if (Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out var address) && address.Scheme is "http" or "https")
        {
            return address;
        }

        result.AddError("--keda: expected an address such as http://prometheus.monitoring:9090.");
        return null;
    }
}
