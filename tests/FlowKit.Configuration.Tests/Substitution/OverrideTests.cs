using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Flow;

namespace FlowKit.Configuration.Substitution;

public class OverrideTests
{
    [Theory]
    [InlineData("gateway.port", "0")]
    [InlineData("executors.encoder.replicas", "2")]
    [InlineData("pods.encoder.replicas", "2")]
    [InlineData("executors.executor1.replicas", "3")]
    [InlineData("executors.1.replicas", "3")]
    [InlineData("executors.encoder.uses_with.size.width", "224")]
    [InlineData("executors.executor1.needs", "[gateway, encoder]")]
    [InlineData("name", "'7'")]
    public void A_path_sets_a_value(string path, string value)
    {
        var flow = Read(path, value);
        var read = path.Split('.')[^1] switch
        {
            "port" => flow.Gateway.Port.ToString(System.Globalization.CultureInfo.InvariantCulture),
            "replicas" => flow.Executors[path.Contains('1', StringComparison.Ordinal) ? 1 : 0].Replicas.ToString(System.Globalization.CultureInfo.InvariantCulture),
            "width" => flow.Executors[0].UsesWith["size"]!["width"]!.ToJsonString(),
            "needs" => $"[{string.Join(", ", flow.Executors[1].Needs)}]",
            _ => $"'{flow.Name}'",
        };
        Assert.Equal(value, read);
    }

    [Theory]
    [InlineData("executors.encodr.replicas", "2", "--set: executors.encodr.replicas: 'executors' has no 'encodr'; did you mean 'encoder'?")]
    [InlineData("executors.encoder.replcas", "2", "--set: executors.encoder.replcas: unknown key; did you mean 'replicas'?")]
    [InlineData("executors.encoder.replicas", "two", "--set: executors.encoder.replicas: expected a whole number from 1 to 1024, not 'two'")]
    [InlineData("gatway.port", "1", "--set: gatway: unknown key; did you mean 'gateway'?")]
    [InlineData("gateway.port.number", "1", "--set: gateway.port.number: 'gateway.port' is '8080', which has nothing below it")]
    [InlineData("gateway..port", "1", "--set: gateway..port: expected a path such as executors.encoder.replicas")]
    [InlineData("executors.encoder.needs", "[a", "--set: executors.encoder.needs: not valid YAML: a list in [ ] does not end; expected ',' or ']'")]
    public void A_wrong_path_or_value_is_named(string path, string value, string expected)
    {
        var exception = Assert.Throws<FlowConfigException>(() => Read(path, value));
        Assert.Equal(expected, exception.Message);
    }

    private static FlowConfig Read(string path, string value) =>
        FlowConfigReader.Read(FlowFiles.Valid("set-over.yml"), new FlowReadOptions { Overrides = new Dictionary<string, string> { [path] = value } });
}
