using System.Net;
using System.Net.Sockets;
using FlowKit.TestKit;

namespace FlowKit.Serving.Remote;

/// <summary>The replicas behind the names of executors elsewhere.</summary>
public sealed class RemoteAddressesTests
{
    private readonly CollectedLogs _logs = new();

    [Fact]
    public async Task A_name_is_as_many_replicas_as_it_has_addresses_and_an_address_is_one()
    {
        var found = await FindAsync(["grpc://many:8080", "grpc://10.0.0.9:8080", "grpc://localhost:8080"], host => Task.FromResult<IPAddress[]>([IPAddress.Parse("10.0.0.1"), IPAddress.Parse("10.0.0.2"), IPAddress.IPv6Loopback]));

        Assert.Equal(["many 10.0.0.1:8080", "many 10.0.0.2:8080", "10.0.0.9 ", "localhost "], found.Select(replica => $"{replica.Address.Host} {replica.Endpoint}"));
    }

    [Fact]
    public async Task A_name_with_addresses_of_the_new_family_alone_has_those()
    {
        var found = await FindAsync(["grpc://six:8080"], _ => Task.FromResult<IPAddress[]>([IPAddress.Parse("fd00::1")]));

        Assert.Equal("[fd00::1]:8080", Assert.Single(found).Endpoint!.ToString());
    }

    [Fact]
    public async Task A_name_that_cannot_be_resolved_now_stays_where_it_was()
    {
        var before = (new Uri("grpc://gone:8080"), new IPEndPoint(IPAddress.Parse("10.0.0.1"), 8080));

        var found = await FindAsync(["grpc://gone:8080"], _ => throw new SocketException((int)SocketError.HostNotFound), before);

        Assert.Equal(before, Assert.Single(found));
        Assert.Contains("gone cannot be resolved now", Assert.Single(_logs.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_any_address_all_names_are_told()
    {
        var none = await Assert.ThrowsAsync<FlowKitException>(() => FindAsync(["grpc://a:1", "grpc://b:1"], _ => Task.FromResult<IPAddress[]>([])));
        var gone = await Assert.ThrowsAsync<FlowKitException>(() => FindAsync(["grpc://a:1"], _ => throw new SocketException((int)SocketError.HostNotFound)));

        Assert.Equal((FlowErrorCode.Unavailable, "a, b cannot be resolved: no address"), (none.Error.Code, none.Message));
        Assert.StartsWith("a cannot be resolved: ", gone.Message, StringComparison.Ordinal);
    }

    private Task<IReadOnlyList<(Uri Address, IPEndPoint? Endpoint)>> FindAsync(string[] addresses, Func<string, Task<IPAddress[]>> resolve, params (Uri, IPEndPoint?)[] known) =>
        new RemoteAddresses([.. addresses.Select(address => new Uri(address))], resolve, _logs.CreateLogger("remote")).FindAsync(() => known);
}
