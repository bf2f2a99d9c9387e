using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Reflection;

namespace EtcdMaint.Cmdlets;

/// <summary>
/// Restores a record of this module that PowerShell serialized in a job, over remoting or in a CLIXML file. Each object
/// is then a property bag, and an object below the serialization depth is text.
/// </summary>
internal static class SerializedRecord
{
    /// <returns>Null if the value is not such a property bag.</returns>
    /// <exception cref="InvalidCastException">The serializer omitted data.</exception>
    /// <remarks>
    /// The member of a row that was serialized alone is below the usual depth, and is then its name. The row has the
    /// name and the ID itself, so the member stays unknown.
    /// </remarks>
    public static T? Read<T>(object? value)
        where T : class =>
        value is PSObject bag && bag.TypeNames.Contains($"Deserialized.{typeof(T).FullName}")
            ? (T)ReadBag(typeof(T), bag, isAlone: true)
            : null;

    private static object ReadBag(Type type, PSObject bag, bool isAlone = false)
    {
        object record = Activator.CreateInstance(type)!;
        foreach (PropertyInfo property in type.GetProperties().Where(property => property.CanWrite))
        {
            // A property that did not exist in the version that wrote the object stays unknown.
            if (bag.Properties[property.Name] is { } kept && !(isAlone && IsNameOfMember(property, kept.Value)))
                property.SetValue(record, ReadValue(property.PropertyType, kept.Value));
        }
        return record;
    }

    private static bool IsNameOfMember(PropertyInfo property, object? value) =>
        property.PropertyType == typeof(EtcdMember) && value is (string or PSObject { BaseObject: string });

    private static object? ReadValue(Type declared, object? value)
    {
        object? bare = value is PSObject wrapped ? wrapped.BaseObject : value;
        Type type = Nullable.GetUnderlyingType(declared) ?? declared;
        if (bare is null)
            return null;
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(EtcdList<>))
            return ReadList(type, bare);
        if (type == typeof(DateTimeOffset))
            return ReadTime(value!);
        if (type.Namespace != typeof(EtcdMaintenanceReport).Namespace || type.IsEnum)
            return LanguagePrimitives.ConvertTo(value, type, CultureInfo.InvariantCulture);
        return value is PSObject { BaseObject: PSCustomObject } bag
            ? ReadBag(type, bag)
            : throw new InvalidCastException($"{type.Name} was serialized as '{value}'.");
    }

    private static object ReadList(Type type, object value)
    {
        Type element = type.GenericTypeArguments[0];
        object?[] items = value is IEnumerable list and not string
            ? [.. list.Cast<object?>().Select(item => ReadValue(element, item))]
            : throw new InvalidCastException($"A list of {element.Name} was serialized as '{value}'.");
        var array = Array.CreateInstance(element, items.Length);
        items.CopyTo(array, 0);
        return Activator.CreateInstance(
            type,
            BindingFlags.Instance | BindingFlags.NonPublic,
            binder: null,
            [array],
            culture: null
        )!;
    }

    /// <summary>The serializer does not support this type, and serializes it as a property bag too.</summary>
    private static DateTimeOffset ReadTime(object value) =>
        value is PSObject bag && bag.Properties[nameof(DateTimeOffset.UtcTicks)]?.Value is long ticks
            ? new DateTimeOffset(ticks, TimeSpan.Zero)
            : LanguagePrimitives.ConvertTo<DateTimeOffset>(value);
}
