using System.Linq.Expressions;
using FlowKit.Components.Typed;

namespace FlowKit.Components;

/// <summary>Makes one kind of result of everything that a method may return.</summary>
internal static class ReturnAdapter
{
    public static Expression Adapt(MethodCallExpression call)
    {
        var type = call.Type;
        if (type == typeof(void))
        {
            return Expression.Block(call, Expression.Default(typeof(ValueTask<object?>)));
        }

        var generic = type.IsGenericType ? type.GetGenericTypeDefinition() : null;
        var (name, arguments) = type switch
        {
            _ when type == typeof(Task) => (nameof(AwaitTask), Type.EmptyTypes),
            _ when type == typeof(ValueTask) => (nameof(AwaitValueTask), Type.EmptyTypes),
            _ when generic == typeof(Task<>) => (nameof(AwaitTaskOf), type.GetGenericArguments()),
            _ when generic == typeof(ValueTask<>) => (nameof(AwaitValueTaskOf), type.GetGenericArguments()),
            _ => (nameof(Return), Type.EmptyTypes),
        };
        Expression argument = name == nameof(Return) ? Expression.Convert(call, typeof(object)) : call;
        return Expression.Call(typeof(ReturnAdapter), name, arguments, argument);
    }

    private static ValueTask<object?> Return(object? result) => new(TypedResults.Of(result));

    private static ValueTask<object?> AwaitTask(Task task)
    {
        return task.IsCompletedSuccessfully ? default : Slow(task);

        static async ValueTask<object?> Slow(Task task)
        {
            await task;
            return null;
        }
    }

    private static ValueTask<object?> AwaitValueTask(ValueTask task)
    {
        if (!task.IsCompletedSuccessfully)
        {
            return Slow(task);
        }

        return default;

        static async ValueTask<object?> Slow(ValueTask task)
        {
            await task;
            return null;
        }
    }

    private static async ValueTask<object?> AwaitTaskOf<T>(Task<T> task) => TypedResults.Of(await task);

    private static async ValueTask<object?> AwaitValueTaskOf<T>(ValueTask<T> task) => TypedResults.Of(await task);
}
