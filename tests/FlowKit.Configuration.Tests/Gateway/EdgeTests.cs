using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Flow;

namespace FlowKit.Configuration.Gateway;

public class EdgeTests
{
    private const string Executors = "executors: [{name: a, uses: X}]\n";

    private static FlowConfig Read(string gateway, params (string Name, string Value)[] environment) => FlowConfigReader.ReadText(
        $"jtype: Flow\ngateway: {{{gateway}}}\n{Executors}",
        "flow.yml",
        new FlowReadOptions { Environment = name => environment.FirstOrDefault(pair => pair.Name == name).Value });

    private static string Refuse(string gateway) => Assert.Throws<FlowConfigException>(() => Read(gateway)).Message;

    [Fact]
    public void What_guards_the_gateway_is_read_and_keys_are_kept_as_digests()
    {
        var flow = FlowConfigReader.Read(FlowFiles.Valid("edge.yml"));
        var security = flow.Gateway.Security;

        Assert.Equal(("certs/cert.pem", "certs/key.pem", "keys.txt"), (security.CertificateFile, security.KeyFile, security.ApiKeysFile));
        Assert.Equal([ApiKeyDigest.Of("0123456789abcdef"), "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"], security.ApiKeys.Select(key => key.Digest));
        Assert.Equal(32, flow.Gateway.Prefetch);
        Assert.True(flow.Gateway.Ports is [{ IsHttp: true, IsGrpc: false }]);
        Assert.Contains("uvicorn_kwargs: ignored", Assert.Single(flow.Warnings).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Exposed_endpoints_are_read_as_a_mapping_and_as_JSON()
    {
        var mapped = FlowConfigReader.Read(FlowFiles.Valid("edge.yml")).Gateway.ExposedEndpoints;
        var json = FlowConfigReader.Read(FlowFiles.Valid("exposed-json.yml")).Gateway.ExposedEndpoints;

        Assert.Equal([("/summarize", "/summarize", "GET POST"), ("/foo", "/v1/foo", "POST"), ("/bar", "/bar", "POST")], mapped.Select(each => (each.Endpoint, each.Path, string.Join(' ', each.Methods))));
        Assert.Equal(("Sums up", "text"), (mapped[0].Summary, mapped[0].Tags[0]));
        Assert.Equal([("/foo", "GET", 2), ("/bar", "POST", 0)], json.Select(each => (each.Path, each.Methods[0], each.Tags.Count)));
    }

    [Fact]
    public void Examples_for_the_page_are_a_list_or_one_and_stand_once()
    {
        Assert.Equal(["red apple", "12"], Read("examples: [red apple, '12', ' red apple ', '']").Gateway.Examples);
        Assert.Equal(["red apple"], Read("examples: red apple").Gateway.Examples);
        Assert.Empty(Read("port: 1").Gateway.Examples);
        Assert.Contains("gateway.examples: expected at most 12, not 13", Refuse($"examples: [{string.Join(", ", Enumerable.Range(0, 13).Select(i => $"a{i}"))}]"), StringComparison.Ordinal);
        Assert.Contains("gateway.examples: expected at most 80 characters, not 81", Refuse($"examples: [{new string('x', 81)}]"), StringComparison.Ordinal);
        Assert.Contains("flow.yml:2:21: gateway.examples", Refuse("examples: {a: b}"), StringComparison.Ordinal);
        Assert.Contains("did you mean 'examples'?", Refuse("example: [a]"), StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_come_from_an_environment_variable()
    {
        var flow = Read("api_keys_env: KEYS", ("KEYS", "0123456789abcdef, fedcba9876543210\n"));

        Assert.Equal([ApiKeyDigest.Of("0123456789abcdef"), ApiKeyDigest.Of("fedcba9876543210")], flow.Gateway.Security.ApiKeys.Select(key => key.Digest));
    }

    [Fact]
    public void A_key_has_a_name_scopes_and_an_end()
    {
        var flow = Read("api_keys: [0123456789abcdef, \"fedcba9876543210 name=ops scopes=read,Admin expires=2027-01-31\"]");

        Assert.Equal(
            [
                new ApiKeyConfig(ApiKeyDigest.Of("0123456789abcdef")) { Scopes = ApiKeyScopes.Read | ApiKeyScopes.Write },
                new ApiKeyConfig(ApiKeyDigest.Of("fedcba9876543210"))
                {
                    Name = "ops",
                    Scopes = ApiKeyScopes.Read | ApiKeyScopes.Admin,
                    Expires = new DateTimeOffset(2027, 2, 1, 0, 0, 0, TimeSpan.Zero),
                },
            ],
            flow.Gateway.Security.ApiKeys);
    }

    [Theory]
    [InlineData("api_keys: short", "expected a key of at least 16 ASCII characters")]
    [InlineData("api_keys: \"sha256:12\"", "64 hexadecimal digits")]
    [InlineData("api_keys: [\"a key with blanks in it\"]", "without blanks")]
    [InlineData("api_keys: []", "at least one text")]
    [InlineData("api_keys: \"0123456789abcdef scopes=read,paint\"", "scopes: expected read, write and admin")]
    [InlineData("api_keys: \"0123456789abcdef scopes=3\"", "scopes: expected read, write and admin")]
    [InlineData("api_keys: \"0123456789abcdef expires=tomorrow\"", "expires: expected a date such as 2027-01-31")]
    [InlineData("api_keys: \"0123456789abcdef colour=red\"", "name=, scopes= and expires=")]
    [InlineData("api_keys: \"sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08\"", "a word that everybody tries; make one with 'flowkit key new'")]
    [InlineData("hosts: [\"https://flow.example\"]", "gateway.hosts: expected a host name without scheme and port")]
    [InlineData("hosts: [\"flow.example:8080\"]", "gateway.hosts: expected a host name")]
    [InlineData("hosts: [\"flow example\"]", "gateway.hosts: expected a host name")]
    [InlineData("hosts: [\"*example\"]", "gateway.hosts: expected a host name")]
    [InlineData("api_keys_env: NO_SUCH_VARIABLE", "'NO_SUCH_VARIABLE' is not set")]
    [InlineData("ssl_certfile: a.pem", "TLS needs 'ssl_keyfile' too")]
    [InlineData("ssl_keyfile: a.pem", "TLS needs 'ssl_certfile' too")]
    [InlineData("expose_graphql_endpoint: true", "GraphQL is not served")]
    [InlineData("expose_graphql_endpoint: maybe", "expected true or false")]
    [InlineData("expose_endpoints: [/a]", "expected a mapping such as")]
    [InlineData("expose_endpoints: nonsense", "expected a mapping such as")]
    [InlineData("expose_endpoints: '{\"/a\": [}'", "expose_endpoints")]
    [InlineData("expose_endpoints: '{\"/a\": {\"colour\": \"red\"}}'", "unknown key")]
    [InlineData("expose_endpoints: {nothing: {}}", "expected an endpoint such as /summarize")]
    [InlineData("expose_endpoints: {/a: text}", "expected a mapping with http_path")]
    [InlineData("expose_endpoints: {/a: {methods: [P OST]}}", "expected HTTP methods such as POST")]
    [InlineData("expose_endpoints: {/a: {http_path: /post}}", "a path of the gateway itself")]
    [InlineData("expose_endpoints: {/status: {}}", "a path of the gateway itself")]
    [InlineData("expose_endpoints: {/a: {http_path: /admin/x}}", "a path of the gateway itself")]
    [InlineData("expose_endpoints: {/a: {http_path: \"/{x}\"}}", "expected a path such as /index")]
    [InlineData("expose_endpoints: {/a: {http_path: //x}}", "expected a path such as /index")]
    [InlineData("expose_endpoints: {/a: {http_path: /x}, /b: {http_path: /x}}", "'POST /x' is exposed twice")]
    [InlineData("prefetch: 0", "prefetch")]
    [InlineData("max_connections: 0", "gateway.max_connections: expected a whole number from 1 to 1000000")]
    [InlineData("queue: {}", "gateway.queue.uri: expected RabbitMQ's address")]
    [InlineData("queue: {uri: http://localhost}", "gateway.queue.uri: expected RabbitMQ's address")]
    [InlineData("queue: {uri: [a]}", "gateway.queue.uri: expected")]
    [InlineData("queue: {uri: amqp://h, name: a b}", "gateway.queue.name: expected a name of letters")]
    [InlineData("queue: {uri: amqp://h, endpoints: [index]}", "gateway.queue.endpoints: expected an endpoint such as /index, not 'index'")]
    [InlineData("queue: {uri: amqp://h, prefetch: 0}", "gateway.queue.prefetch")]
    [InlineData("queue: {uri: amqp://h}", "gateway.queue.name: expected the queue's name")]
    [InlineData("queue: {uri: amqp://h, urn: 1}", "unknown key")]
    public void Mistakes_are_named(string gateway, string expected) => Assert.Contains(expected, Refuse(gateway), StringComparison.Ordinal);

    [Fact]
    public void A_queue_has_defaults_and_does_not_show_its_password()
    {
        var queue = Read("queue: {uri: '${{ ENV.BROKER }}', name: photos}", ("BROKER", "amqp://user:very%2Dhidden@host/v")).Gateway.Queue!;

        Assert.Equal(("amqp://user:very%2Dhidden@host/v", "photos", "photos.dead", 16, 3, null), (queue.Uri, queue.Name, queue.DeadLetters, queue.Prefetch, queue.Attempts, queue.MaxLength));
        Assert.Equal(["/index", "/update", "/delete"], queue.Endpoints);
        Assert.DoesNotContain("hidden", queue.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", SecretValues.Scrub("very%2Dhidden very-hidden"), StringComparison.Ordinal);
        Assert.Equal(queue, Read("queue: {uri: 'amqp://user:very%2Dhidden@host/v', name: photos}").Gateway.Queue! with { Place = queue.Place });
        Assert.DoesNotContain("hidden", Refuse("queue: {uri: 'http://user:hidden@host'}"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("host: 0.0.0.0", "whoever reaches this address")]
    [InlineData("host: 0.0.0.0, api_keys: 0123456789abcdef", "clear text")]
    [InlineData("host: 0.0.0.0, api_keys: 0123456789abcdef, ssl_certfile: a, ssl_keyfile: b", null)]
    [InlineData("host: 127.0.0.1", null)]
    [InlineData("host: localhost", null)]
    public void A_door_that_stands_open_to_others_is_a_warning(string gateway, string? expected)
    {
        var warnings = Read(gateway).Warnings;

        Assert.Equal(expected is not null, warnings.Any(warning => warning.Key == "gateway.host" && warning.Message.Contains(expected!, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("api_keys: hush-hush")]
    [InlineData("api_keys: [\"hush hush hush hush\"]")]
    public void A_key_is_never_shown(string gateway) => Assert.DoesNotContain("hush", Refuse(gateway), StringComparison.Ordinal);

    [Fact]
    public void Each_protocol_has_its_port_and_what_has_the_same_is_one()
    {
        var gateway = FlowConfigReader.Read(FlowFiles.Valid("ports.yml")).Gateway;

        Assert.Equal([new GatewayPort(51000, IsHttp: false, IsGrpc: true), new GatewayPort(8080, IsHttp: true, IsGrpc: false)], gateway.Ports);
        Assert.Equal((51000, "gzip"), (gateway.Port, gateway.Compression));
    }
}
