using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Flow;
using FlowKit.Configuration.Gateway;

namespace FlowKit.Configuration;

public class ValidFlowTests
{
    private static readonly Dictionary<string, string> Environment = new()
    {
        ["PORT"] = "9000",
        ["CORS"] = "true",
        ["REPLICAS"] = "4",
        ["THRESHOLD"] = "0.25",
        ["TOKEN"] = "t0ken",
    };

    private static readonly FlowReadOptions Options = new()
    {
        Environment = name => Environment.GetValueOrDefault(name),
        Context = new Dictionary<string, string> { ["name"] = "search", ["encoder"] = "ClipTextEncoder", ["title"] = "Search" },
    };

    public static TheoryData<string> Files => [.. FlowFiles.All("valid").Select(path => Path.GetFileName(path))];

    [Theory]
    [MemberData(nameof(Files))]
    public void A_valid_flow_is_read(string name)
    {
        var flow = Read(name);
        Assert.Equal(name == "executors-none.yml", flow.Executors.Count == 0);
        Assert.Equal(Path.GetDirectoryName(FlowFiles.Valid(name)), flow.BaseDirectory);
        Assert.All(flow.Executors, executor => Assert.NotEmpty(executor.Needs));
    }

    [Theory]
    [InlineData("{name: a, needs: gateway}, {name: b, needs: gateway}", "executors.a")]
    [InlineData("{name: a}, {name: b, needs: a}, {name: c, needs: a}", "executors.b")]
    [InlineData("{name: a, needs: gateway}, {name: b, needs: gateway}, {name: all, needs: [a, b]}", null)]
    [InlineData("{name: a, floating: true}, {name: b, needs: gateway}", null)]
    [InlineData("{name: a}, {name: i, method: inspect}, {name: b}", null)]
    public void An_end_whose_documents_are_in_no_reply_is_warned_of(string executors, string? warned)
    {
        var flow = FlowConfigReader.ReadText($"jtype: Flow\nexecutors: [{executors}]\n", "flow.yml");

        Assert.Equal(warned, flow.Warnings.SingleOrDefault()?.Key);
        Assert.True(warned is null || flow.Warnings[0].Message.Contains("To join them, end with an entry such as {name: all, needs: [", StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_not_written_has_its_default()
    {
        var flow = Read("simplest.yml");
        Assert.Equal(new GatewayConfig { Place = flow.Gateway.Place }, flow.Gateway);
        Assert.Equal(8080, flow.Gateway.Port);
        var executor = Assert.Single(flow.Executors);
        Assert.Equal(("executor0", "ClipTextEncoder", 1, 4096, "cpu"), (executor.Name, executor.Uses, executor.Replicas, executor.Capacity, executor.Device));
        Assert.Equal(["gateway"], executor.Needs);
        Assert.Equal(TimeSpan.FromSeconds(600), executor.TimeoutReady);
        Assert.Null(executor.Workspace);
        Assert.Null(executor.BaseDirectory);
        Assert.Null(flow.Version);
        Assert.Equal(InspectMode.Collect, flow.Inspect);
        Assert.Equal([FlowFiles.Valid("simplest.yml")], flow.Files);
    }

    [Theory]
    [InlineData("", "8080 http grpc")]
    [InlineData("port: 51000", "51000 http grpc")]
    [InlineData("protocol: [grpc, http], port: 51000", "51000 http grpc")]
    [InlineData("protocol: [grpc, websocket], port: 51000", "51000 http grpc")]
    [InlineData("protocol: [grpc, http], port: [1, 2]", "1 grpc, 2 http")]
    [InlineData("protocol: grpc", "8080 grpc")]
    [InlineData("protocol: http", "8080 http")]
    [InlineData("protocol: [http, websocket]", "8080 http")]
    public void What_a_port_speaks_is_as_in_Jina_and_without_a_word_everything(string gateway, string expected)
    {
        var ports = FlowConfigReader.ReadText($"jtype: Flow\ngateway: {{{gateway}}}\n", "flow.yml").Gateway.Ports;

        Assert.Equal(expected, string.Join(", ", ports.Select(port => $"{port.Port}{(port.IsHttp ? " http" : "")}{(port.IsGrpc ? " grpc" : "")}")));
    }

    [Fact]
    public void The_gateway_is_read_in_full()
    {
        var gateway = Read("search.yml").Gateway;
        var expected = new GatewayConfig
        {
            Host = "0.0.0.0",
            Ports = new GatewayPortCollection(new GatewayPort(8081, IsHttp: true, IsGrpc: false)),
            Title = "Image search",
            Cors = true,
            Strict = true,
            Capacity = 256,
            TimeoutSend = TimeSpan.FromSeconds(5),
            TimeoutStop = TimeSpan.FromSeconds(10),
            MaxRequestBytes = 64 << 20,
            Place = new SourcePlace(FlowFiles.Valid("search.yml"), 11, 9),
        };
        Assert.Equal(expected, gateway);
    }

    [Fact]
    public void Options_keep_the_types_of_yaml()
    {
        var images = Read("search.yml").Executors[1];
        Assert.Equal(
            """{"model":"models/vit-b-32","batch":32,"scale":0.5,"normalize":true,"revision":"2","warm_up":null,"nested":{"sizes":[1,2],"deep":{"on":"yes"}}}""",
            images.UsesWith.ToJsonString());
        Assert.Equal((28, 14), (images.UsesWithPlaces["batch"].Line, images.UsesWithPlaces["batch"].Column));
        Assert.Equal(33, images.UsesWithPlaces["nested.deep.on"].Line);
        Assert.Equal((25, 11), (images.UsesPlace.Line, images.UsesPlace.Column));
        Assert.Equal(Timeout.InfiniteTimeSpan, images.TimeoutReady);
        Assert.Equal("cuda:1", images.Device);
    }

    [Fact]
    public void Other_forms_of_numbers_and_texts_are_those_of_the_core_schema()
    {
        var executor = Assert.Single(Read("byte-order-mark.yml").Executors);
        Assert.Equal("größe", executor.Name);
        Assert.Equal("folded text", executor.Description);
        Assert.Equal("""{"text":"5","hexadecimal":16,"octal":15,"large":9.223372036854776E+18,"on":"on","literal":"a [ { b\n"}""", executor.UsesWith.ToJsonString());
    }

    [Fact]
    public void An_executor_has_the_variables_of_the_flow_and_its_own()
    {
        var flow = Read("search.yml");
        Assert.Equal(new Dictionary<string, string> { ["OMP_NUM_THREADS"] = "2" }, flow.Executors[0].Env);
        Assert.Equal(new Dictionary<string, string> { ["OMP_NUM_THREADS"] = "1", ["TOKENIZERS"] = "off" }, flow.Executors[1].Env);
    }

    [Fact]
    public void Needs_are_the_entry_before_unless_they_are_written()
    {
        Assert.Equal(["gateway", "decoder", "gateway", "images,words"], Needs("search.yml"));
        Assert.Equal(["left,right", "gateway", "gateway"], Needs("forward-needs.yml"));
        Assert.Equal(["gateway", "gateway", "encoder,other"], Needs("jina2-list.yml"));
        Assert.Equal(["gateway", "gateway", "encoder,indexer"], Needs("jina2-pods.yml"));
    }

    [Fact]
    public void A_node_without_uses_passes_documents_on() => Assert.Equal("BaseExecutor", Read("jina2-list.yml").Executors[2].Uses);

    [Fact]
    public void What_starts_with_the_flow_is_read()
    {
        var entries = Read("search.yml").OnStart;
        Assert.Equal(["photos/*.jpg", "photos/*.png"], entries[0].Inputs);
        Assert.Equal(("/index", 8, false, """{"source":"photos"}"""), (entries[0].Post, entries[0].RequestSize, entries[0].OnlyOnce, entries[0].Parameters.ToJsonString()));
        Assert.Equal(["more/**/*.jpg"], entries[1].Inputs);
        Assert.Equal((32, true), (entries[1].RequestSize, entries[1].OnlyOnce));
    }

    [Fact]
    public void Jinas_with_reaches_the_gateway_and_every_executor()
    {
        var flow = Read("jina-with.yml");
        Assert.Equal(("clip", "work", "1", 51001), (flow.Name, flow.Workspace, flow.Version, flow.Gateway.Port));
        Assert.Equal([1, 3], flow.Executors.Select(executor => executor.Replicas));
        Assert.All(flow.Executors, executor => Assert.Equal(TimeSpan.FromSeconds(3000), executor.TimeoutReady));
    }

    [Fact]
    public void A_mapping_under_uses_gives_options_that_uses_with_overrides()
    {
        var executor = Read("jina-with.yml").Executors[0];
        Assert.Equal("""{"name":"ViT-B-32::openai","minibatch_size":32}""", executor.UsesWith.ToJsonString());
        Assert.Equal(("CLIPEncoder", "clip", "encodes", "models"), (executor.Uses, executor.MetasName, executor.Description, executor.Workspace));
    }

    [Fact]
    public void Jina_2s_mapping_of_pods_is_read_in_order()
    {
        var flow = Read("jina2-pods.yml");
        Assert.Equal(["encoder", "indexer", "joined"], flow.Executors.Select(executor => executor.Name));
        Assert.True(flow.Gateway.Cors);
    }

    [Fact]
    public void Names_are_given_by_position() =>
        Assert.Equal(["executor0", "second", "executor2"], Read("unnamed.yml").Executors.Select(executor => executor.Name));

    [Fact]
    public void Aliases_and_merged_keys_give_way_to_own_keys()
    {
        var flow = Read("anchors.yml");
        Assert.Equal(["first", "second", "third"], flow.Executors.Select(executor => executor.Name));
        Assert.Equal([2, 2, 1], flow.Executors.Select(executor => executor.Replicas));
        Assert.All(flow.Executors, executor => Assert.Equal("""{"size":224}""", executor.UsesWith.ToJsonString()));
    }

    [Fact]
    public void Variables_are_replaced_and_typed_anew()
    {
        var flow = Read("variables.yml");
        Assert.Equal(("search", 9000, true, "Search on 9000"), (flow.Name, flow.Gateway.Port, flow.Gateway.Cors, flow.Gateway.Title));
        Assert.Equal(("ClipTextEncoder", 4), (flow.Executors[0].Uses, flow.Executors[0].Replicas));
        Assert.Equal("""{"threshold":0.25,"token":"t0ken","quoted":"007"}""", flow.Executors[0].UsesWith.ToJsonString());
    }

    private static FlowConfig Read(string name) => FlowConfigReader.Read(FlowFiles.Valid(name), Options);

    private static IEnumerable<string> Needs(string name) => Read(name).Executors.Select(executor => string.Join(',', executor.Needs));
}
