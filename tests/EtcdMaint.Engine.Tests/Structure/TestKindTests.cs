using EtcdMaint.TestCluster;

namespace EtcdMaint.Engine.Tests.Structure;

/// <summary>
/// Classes that start servers have the trait <c>Kind</c>, <c>Real</c> or <c>Fault</c>. The others run on every system.
/// </summary>
public sealed class TestKindTests
{
    [Fact]
    public void Each_class_that_starts_a_cluster_declares_its_kind() =>
        Assert.Empty(
            TypeUse
                .Find(typeof(TestKindTests).Assembly.GetTypes())
                .Where(use => use.Used == typeof(TestEtcdCluster))
                .Select(use => Outermost(use.User))
                .Distinct()
                .Where(type => IsTestClass(type) && !HasKind(type))
                .Select(type => type.FullName)
        );

    private static Type Outermost(Type type) => type.DeclaringType is { } outer ? Outermost(outer) : type;

    private static bool IsTestClass(Type type) =>
        type != typeof(TestKindTests)
        && Array.Exists(type.GetMethods(), method => method.IsDefined(typeof(FactAttribute), inherit: true));

    private static bool HasKind(Type type) =>
        type.GetCustomAttributes(typeof(TraitAttribute), inherit: false)
            .Cast<TraitAttribute>()
            .Any(trait => trait is { Name: "Kind", Value: "Real" or "Fault" });
}
