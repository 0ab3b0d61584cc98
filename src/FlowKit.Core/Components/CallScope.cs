using System.Linq.Expressions;
using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;

namespace FlowKit.Components;

/// <summary>Calls a method that asks for services, each call in a scope of its own, which a stream keeps open until it has ended.</summary>
/// <param name="call">Calls the method with the scope's services.</param>
internal sealed class CallScope(Func<Executor, ExecutorCall, IServiceProvider, ValueTask<object?>> call)
{
    /// <summary>Returns the expression that resolves a parameter.</summary>
    public static Expression Argument(ParameterInfo parameter, Expression services)
    {
        var (name, arguments) = ExecutorServices.KeyOf(parameter) is { } keyed
            ? (
                nameof(ServiceProviderKeyedServiceExtensions.GetRequiredKeyedService),
                new[] { services, Expression.Constant(keyed.Key, typeof(object)) })
            : (nameof(ServiceProviderServiceExtensions.GetRequiredService), [services]);
        var owner = arguments.Length == 1 ? typeof(ServiceProviderServiceExtensions) : typeof(ServiceProviderKeyedServiceExtensions);
        return Expression.Call(owner, name, [parameter.ParameterType], arguments);
    }

    /// <summary>Calls the method.</summary>
    public async ValueTask<object?> InvokeAsync(Executor executor, ExecutorCall given)
    {
        var scope = executor.Context.Services.CreateAsyncScope();
        var isStreaming = false;
        try
        {
            var result = await call(executor, given, scope.ServiceProvider);
            isStreaming = result is IAsyncEnumerable<Document>;
            return result is IAsyncEnumerable<Document> stream ? StreamAsync(stream, scope, given.CancellationToken) : result;
        }
        finally
        {
            if (!isStreaming)
            {
                await scope.DisposeAsync();
            }
        }
    }

    private static async IAsyncEnumerable<Document> StreamAsync(
        IAsyncEnumerable<Document> stream, AsyncServiceScope scope, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using (scope)
        {
            await foreach (var document in stream.WithCancellation(cancellationToken))
            {
                yield return document;
            }
        }
    }
}
