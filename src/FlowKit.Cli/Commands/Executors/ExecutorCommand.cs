using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using FlowKit.Cli.Running;
using FlowKit.Configuration;
using FlowKit.Configuration.Flow;
using FlowKit.Configuration.Gateway;
using FlowKit.Configuration.Launching;
using FlowKit.Configuration.Monitoring;
using FlowKit.Hosting.Services;

namespace FlowKit.Cli.Commands.Executors;

/// <summary><c>flowkit executor</c>: one executor, for a gateway elsewhere.</summary>
internal static class ExecutorCommand
{
    private const string Origin = "executor";

    /// <summary>The settings of the listener that have options of their own.</summary>
    private static readonly string[] s_ownOptions = ["gateway.protocol", "gateway.host", "gateway.port"];

    private const string Description = """
        Serves one executor over gRPC, for the gateway of a flow elsewhere: FlowKit's (external: true) or Jina's.

        Examples:
          flowkit executor --uses ClipTextEncoder --port 51000
          flowkit executor --uses ./Upper.cs --name upper --replicas 2
          flowkit executor --uses ImageDecoder --uses-with max_pixels=1000000 --host 0.0.0.0
          flowkit executor --uses VectorIndexer --name indexer --shard 1 --shards 3 --port 51001
        """;

    /// <summary>Images set both, so that whoever gives their executor other arguments need not repeat where it listens.</summary>

    public static Command Create()
    {
        var uses = new Option<string?>("--uses")
        {
            Description = "An executor's name or class, a C# file, a project's folder, an assembly, a package, or an executor's YAML file.",
        };
        var name = new Option<string>("--name") { Description = "Its name.", DefaultValueFactory = _ => "executor0" };
        var with = Pairs("--uses-with", "An option of the executor, as name=value, or all of them as a JSON object; may be repeated.");
        var replicas = new Option<int>("--replicas") { Description = "How many run side by side.", DefaultValueFactory = _ => 1 };
        var (host, port) = (HostOption(), PortOption());
        var native = new Option<bool>("--native") { Description = "As Jina's gateway writes it; changes nothing here." };
        var socket = new Option<string?>("--socket") { Description = "The Unix socket to listen on, instead of a port." };
        var entry = new Option<string?>("--entry")
        {
            Description = "For gateways: '-' reads the executor's entry from the input, as JSON, and serves until the input ends.",
        };
        var parent = new Option<int?>("--parent") { Description = "For gateways: the process with which this one ends." };
        var workspace = new Option<string?>("--workspace") { Description = "Where it keeps its files; .flowkit by default." };
        var listener = Pairs(
            "--gateway",
            "A setting of the listener as a flow's gateway has it, as name=value (ssl_certfile=server.pem, api_keys_file=keys.txt, "
                + "docarray_version=v2), or several as a JSON object; may be repeated.");
        var command = new Command(
            "executor", Description) { uses, name, with, replicas, host, port, listener, socket, workspace, native, entry, parent };
        var (logs, shards, keys) = (new LogOptions(command), new ShardOptions(command), new EntryOptions(command));
        command.Validators.Add(result => RequireEither(result, uses, entry));
        command.SetAction((result, cancellationToken) =>
        {
            if (result.GetValue(entry) is not null)
            {
                var own = Listening(result.GetRequiredValue(host), result.GetRequiredValue(port), result.GetValue(socket));
                return WorkerRun.ExecuteAsync(own, result.GetValue(uses), result.GetValue(parent), cancellationToken);
            }

            var executor = new JsonObject
            {
                ["name"] = result.GetRequiredValue(name),
                ["uses"] = result.GetValue(uses),
                ["uses_with"] = ObjectsOf(result.GetRequiredValue(with)),
                ["replicas"] = result.GetRequiredValue(replicas),
                ["shards"] = shards.Count(result),
            };
            keys.SetOn(executor, result);
            var gateway = ObjectsOf(result.GetRequiredValue(listener));
            gateway["protocol"] = "grpc";
            gateway["host"] = result.GetRequiredValue(host);
            gateway["port"] = result.GetRequiredValue(port);
            var pairs = PairsOf(result.GetRequiredValue(with), result.GetRequiredValue(listener));
            var registration = new FlowRegistration(
                "", _ => shards.Place(Read(executor, gateway, pairs, result.GetValue(socket)), result), () => [])
            { Open = WorkerRun.OpenAsync };
            return new FlowRun(result, logs, WorkerRun.Announce).ExecuteAsync(
                registration, host => host.Workspace = result.GetValue(workspace) ?? host.Workspace, cancellationToken);
        });
        return command;
    }

    private static GatewayConfig Listening(string host, int port, string? socket) => new()
    {
        Host = host,
        Socket = socket,
        Ports = new GatewayPortCollection(new GatewayPort(port, IsHttp: false, IsGrpc: true)),
    };

    private static void RequireEither(CommandResult result, Option<string?> uses, Option<string?> entry)
    {
        if (result.GetValue(uses) is null && result.GetValue(entry) is null)
        {
            result.AddError("Option '--uses' is required.");
        }
    }

    /// <summary>An option that may be given several times, as name=value or as a JSON object.</summary>
    private static Option<string[]> Pairs(string name, string description)
    {
        var option = new Option<string[]>(name) { Description = description, DefaultValueFactory = _ => [] };
        option.Validators.Add(RequirePairs);
        return option;
    }

    /// <summary>JSON is YAML, so that the keys are checked as in a file.</summary>
    private static FlowConfig Read(
        JsonObject executor, JsonObject gateway, IEnumerable<KeyValuePair<string, string>> pairs, string? socket)
    {
        var flow = new JsonObject
        {
            ["jtype"] = "Flow",
            ["executors"] = new JsonArray(executor.DeepClone()),
            ["gateway"] = gateway.DeepClone(),
        };
        var config = FlowConfigReader.ReadText(
            flow.ToJsonString(),
            Origin,
            new FlowReadOptions
            {
                BaseDirectory = Directory.GetCurrentDirectory(),
                Overrides = pairs.GroupBy(pair => pair.Key).ToDictionary(group => group.Key, group => group.Last().Value),
                OverridesOrigin = Origin,
            });
        // There is no gateway here: what is to be told is told of the executor.
        var (monitoring, gatewayConfig) = (config.Gateway.Monitoring, config.Gateway with { Monitoring = MonitoringConfig.None });
        return config with
        {
            Gateway = socket is null ? gatewayConfig : gatewayConfig with { Socket = Path.GetFullPath(socket) },
            Executors = [config.Executors[0] with { Monitoring = monitoring }],
        };
    }

    private static void RequirePairs(OptionResult result)
    {
        var wrong = result.Tokens.Where(token => token.Value.IndexOf('=', StringComparison.Ordinal) < 1 && ObjectOf(token.Value) is null);
        foreach (var token in wrong)
        {
            result.AddError($"{result.Option.Name}: '{token.Value}' is not of the form name=value.");
        }
    }

    private static JsonObject ObjectsOf(string[] texts)
    {
        var options = new JsonObject();
        foreach (var (name, value) in texts.SelectMany(text => ObjectOf(text) ?? []))
        {
            options[name] = value?.DeepClone();
        }

        return options;
    }

    /// <summary>
    /// The options that are written as name=value, by their paths in a flow: what is typed is the text of an option that is a text, and a
    /// number where it is one.
    /// </summary>
    private static IEnumerable<KeyValuePair<string, string>> PairsOf(string[] with, string[] listener) =>
        with.Select(text => (Path: "executors.0.uses_with", Text: text))
            .Concat(listener.Select(text => (Path: "gateway", Text: text)))
            .Where(pair => ObjectOf(pair.Text) is null)
            .Select(pair => (pair.Path, Parts: pair.Text.Split('=', 2)))
            .Select(pair => new KeyValuePair<string, string>($"{pair.Path}.{pair.Parts[0]}", pair.Parts[1]))
            .Where(pair => !s_ownOptions.Contains(pair.Key));

    private static JsonObject? ObjectOf(string text)
    {
        try
        {
            return text is ['{', ..] ? JsonNode.Parse(text) as JsonObject : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static Option<string> HostOption() => new("--host")
    {
        Description = $"The address to listen on; {ExecutorVariables.Host} where that is set.",
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable(ExecutorVariables.Host) ?? "127.0.0.1",
    };

    private static Option<int> PortOption() => new("--port")
    {
        Description = $"The port to listen on; {ExecutorVariables.Port} where that is set. 0 takes a free one.",
        DefaultValueFactory = DefaultPort,
    };

    private static int DefaultPort(ArgumentResult result)
    {
        var text = Environment.GetEnvironmentVariable(ExecutorVariables.Port) ?? "0";
        if (!ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port))
        {
            result.AddError($"{ExecutorVariables.Port}: expected a port, 0 to 65535, not '{text}'.");
        }

        return port;
    }
}
