using FlowKit.TestKit;

namespace FlowKit.Client.Tests;

/// <summary>Many callers at once, by tasks and by threads, with clients of their own and with one for all.</summary>
public sealed class ConcurrentClientsTests
{
    private const int Callers = 16;
    private const int Posts = 20;

    private static async Task<ServedFlow> StartAsync()
    {
        var served = await ServedFlow.StartAsync();
        served.Script.Edit("first", documents =>
        {
            foreach (var document in documents)
            {
                document.Text += "!";
            }
        });
        return served;
    }

    private static async Task PostAsync(FlowClient client, int caller)
    {
        for (var post = 0; post < Posts; post++)
        {
            var id = $"{caller}-{post}";
            var reply = await client.PostAsync("/run", new DocumentArray([new Document(id) { Text = id }]), new PostOptions(), CancellationToken.None);
            Assert.Equal((id, $"{id}!"), (reply.Documents.Single().Id, reply.Documents.Single().Text));
        }
    }

    [Theory]
    [InlineData("grpc")]
    [InlineData("http")]
    [InlineData("ws")]
    public async Task Every_caller_gets_its_own_answers_from_a_client_of_its_own(string scheme)
    {
        await using var served = await StartAsync();

        await Task.WhenAll(Enumerable.Range(0, Callers).Select(async caller =>
        {
            await using var client = served.Connect(scheme);
            await PostAsync(client, caller);
        })).WithTimeout();
    }

    [Theory]
    [InlineData("grpc")]
    [InlineData("http")]
    [InlineData("ws")]
    public async Task Threads_share_one_client(string scheme)
    {
        await using var served = await StartAsync();
        await using var client = served.Connect(scheme);

        var threads = Enumerable.Range(0, Callers).Select(caller => Task.Factory.StartNew(
            () => PostAsync(client, caller).GetAwaiter().GetResult(), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default));
        await Task.WhenAll(threads).WithTimeout();
    }
}
