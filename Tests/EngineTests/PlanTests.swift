import Engine
import Testing

@Suite("A plan")
struct PlanTests {
    let graph = Networks.uNet()

    @Test("takes memory that grows with the width of the picture and not with its height")
    func memory() throws {
        let low = try Plan(graph: graph, picture: .init(height: 400, width: 256), stripRows: 16)
        let high = try Plan(graph: graph, picture: .init(height: 4000, width: 256), stripRows: 16)
        let wide = try Plan(graph: graph, picture: .init(height: 400, width: 2560), stripRows: 16)
        #expect(low.workspaceBytes == high.workspaceBytes)
        #expect(wide.workspaceBytes > 9 * low.workspaceBytes && wide.workspaceBytes < 11 * low.workspaceBytes)
    }

    @Test("with a strip as tall as the picture keeps every tensor whole")
    func wholeLayers() throws {
        let plan = try Plan(graph: graph, picture: .init(height: 64, width: 32), stripRows: 64)
        #expect(plan.rings.map(\.capacity) == plan.rings.map(\.size.height))
    }

    @Test("over the memory limit is refused with what is needed and what would fit")
    func limit() throws {
        let picture = Graph.Extent(height: 512, width: 512)
        let needed = try Plan(graph: graph, picture: picture).workspaceBytes
        #expect(throws: Never.self) { try Plan(graph: graph, picture: picture, memoryLimit: needed) }
        let error = #expect(throws: EngineError.self) {
            try Plan(graph: graph, picture: picture, memoryLimit: needed / 4)
        }
        #expect(error?.description.contains("\((needed * 10 >> 20) / 10).") == true)
        #expect(error?.description.contains("would fit") == true)
        let hopeless = #expect(throws: EngineError.self) { try Plan(graph: graph, picture: picture, memoryLimit: 10) }
        #expect(hopeless?.description.contains("too little for any picture") == true)
    }
}
