;;; balance.scm: load of nodes, and work sent where it is least (paper, 5.1): meters,
;;; their supervisor, the work dispatcher; pools of workers; a parallel map.

;; (list-average numbers): their mean; 0 of none. (find-min alist): the entry (key .
;; number) with the least number, the first of these; #f of none. Error: not a list of
;; such.
(define (list-average numbers)
  (%check-list "list-average" numbers)
  (if (null? numbers) 0 (/ (fold + 0 numbers) (length numbers))))
(define (find-min alist)
  (%check-pairs "find-min" alist)
  (if (null? alist)
      #f
      (fold (lambda (entry least) (if (< (cdr entry) (cdr least)) entry least)) (car alist) (cdr alist))))

(define-inline (%check-node who obj)
  (if (node? obj) (void) (%wrong-type who obj)))
(define (%check-nodes who nodes)
  (%check-list who nodes)
  (for-each (lambda (obj) (%check-node who obj)) nodes))

;;; ---- meters -----------------------------------------------------------
;;;
;;; Messages to a meter supervisor: (load-report meter load), (from tag
;;; minimum-load), (from tag average-load), (from tag (add-node node)), (from tag
;;; (remove-node node)), (from tag loads), the symbol shutdown.

;; (start-meter supervisor [period]): report the load of this node to `supervisor`
;; every `period` seconds (1), for ever. Error: no pid, not a time above 0.
(define start-meter
  (case-lambda
    ((supervisor) (start-meter supervisor 1))
    ((supervisor period)
     (%check-pid "start-meter" supervisor)
     (%check-period "start-meter" period)
     (! supervisor (list 'load-report (self) (local-loadavg)))
     (recv (after period 'ok))
     (start-meter supervisor period))))

;; What is known of one node: `meter` is the pid of its meter, #f while there is none;
;; `ref` the monitor of that; `load` the last report, #f before there is one.
(define-record-type %metered
  (%make-metered node meter ref load) %metered?
  (node %metered-node) (meter %metered-meter) (ref %metered-ref) (load %metered-load))

;; (start-meter-supervisor nodes [period]): the pid of a process that keeps a meter
;; on each of these nodes, and knows their loads. A node that is lost has no load
;; until it is back; its meter is then started again. Error: not a list of nodes, not a
;; time above 0.
(define start-meter-supervisor
  (case-lambda
    ((nodes) (start-meter-supervisor nodes 1))
    ((nodes period)
     (%check-nodes "start-meter-supervisor" nodes)
     (%check-period "start-meter-supervisor" period)
     (spawn
      (lambda ()
        (%meter-loop (map (lambda (node) (%start-meter-on node period)) nodes) period))))))

;; A helper starts the meter, so that a node which cannot be reached holds nobody
;; up: it ends with the meter, or when it cannot be started.
(define (%start-meter-on node period)
  (let* ((supervisor (self))
         (helper (spawn
                  (lambda ()
                    (with-exception-catcher
                     (lambda (exception) (recv (after period 'ok)))
                     (lambda ()
                       (let ((meter (remote-spawn node (lambda () (%meter-for supervisor period)))))
                         (! supervisor (list '%meter-of (self) meter))
                         (wait-for meter))))))))
    (%make-metered node helper (monitor helper) #f)))

;; A meter that ends with its supervisor.
(define (%meter-for supervisor period)
  (let ((ref (monitor supervisor)))
    (let loop ()
      (! supervisor (list 'load-report (self) (local-loadavg)))
      (recv (('down ,ref _ _) 'done)
            (after period (loop))))))

(define (%meter-loop all period)
  (define (replace old new) (map (lambda (metered) (if (eq? metered old) new metered)) all))
  (define (find-by get value) (find (lambda (metered) (eqv? (get metered) value)) all))
  (define (known) (filter %metered-load all))
  (recv
    (('load-report meter load)
     (let ((metered (find-by %metered-meter meter)))
       (%meter-loop (if metered
                        (replace metered (%make-metered (%metered-node metered) meter (%metered-ref metered) load))
                        all)
                    period)))
    (('%meter-of helper meter)
     (let ((metered (find-by %metered-meter helper)))
       (%meter-loop (if metered
                        (replace metered (%make-metered (%metered-node metered) meter (%metered-ref metered) #f))
                        all)
                    period)))
    (('down ref _ _)
     (let ((metered (find-by %metered-ref ref)))
       (%meter-loop (if metered (replace metered (%start-meter-on (%metered-node metered) period)) all) period)))
    ((from tag 'minimum-load)
     (let ((least (find-min (map (lambda (m) (cons (%metered-node m) (%metered-load m))) (known)))))
       (! from (list tag (and least (car least)))))
     (%meter-loop all period))
    ((from tag 'average-load)
     (! from (list tag (list-average (map %metered-load (known)))))
     (%meter-loop all period))
    ((from tag 'loads)
     (! from (list tag (map (lambda (m) (cons (%metered-node m) (%metered-load m))) all)))
     (%meter-loop all period))
    ((from tag ('add-node node))
     (! from (list tag 'ok))
     (%meter-loop (if (find-by %metered-node node) all (append all (list (%start-meter-on node period)))) period))
    ((from tag ('remove-node node))
     (! from (list tag 'ok))
     (%meter-loop (filter (lambda (m) (not (equal? (%metered-node m) node))) all) period))
    ('shutdown 'done)))

;; (minimum-load supervisor): the node with the lowest load, #f while no load is
;; known. (average-load supervisor): the mean of all loads. (node-loads supervisor):
;; list of (node . load), load #f when not known. Error: the supervisor has ended.
(define (minimum-load supervisor) (%ask-living "minimum-load" supervisor 'minimum-load))
(define (average-load supervisor) (%ask-living "average-load" supervisor 'average-load))
(define (node-loads supervisor) (%ask-living "node-loads" supervisor 'loads))

;; (meter-add-node supervisor node), (meter-remove-node supervisor node): watch one
;; node more, one less: ok. Error: not a node; the supervisor has ended.
(define (meter-add-node supervisor node)
  (%check-node "meter-add-node" node)
  (%ask-living "meter-add-node" supervisor (list 'add-node node)))
(define (meter-remove-node supervisor node)
  (%check-node "meter-remove-node" node)
  (%ask-living "meter-remove-node" supervisor (list 'remove-node node)))

;;; ---- the dispatcher ---------------------------------------------------

;; (start-work-dispatcher load-server): the pid of a process that runs thunks on
;; the node with the lowest load that `load-server`, a meter supervisor, knows; on
;; its own node while none is known. Message: (from tag (dispatch thunk)); the
;; answer is (value obj) or (exception obj). Error: no pid.
(define (start-work-dispatcher load-server)
  (%check-pid "start-work-dispatcher" load-server)
  (spawn
   (lambda ()
     (let loop ()
       (recv
         ((from tag ('dispatch thunk))
          (spawn
           (lambda ()
             (! from
                (list tag
                      (with-exception-catcher
                       (lambda (exception) (list 'exception exception))
                       (lambda ()
                         (let ((node (minimum-load load-server)))
                           (list 'value (if node (on node thunk) (thunk)))))))))))
         ('shutdown (halt!)))
       (loop)))))

;; (dispatch dispatcher thunk [timeout [default]]): the value of (thunk), computed on
;; the least loaded node. Error: what (thunk) raises; noconnection when that node is
;; lost meanwhile; the symbol timeout; without a time: the dispatcher has ended.
(define dispatch
  (case-lambda
    ((dispatcher thunk)
     (%check-procedure "dispatch" thunk)
     (%dispatched (%ask-living "dispatch" dispatcher (list 'dispatch thunk))))
    ((dispatcher thunk timeout) (%dispatch "dispatch" dispatcher 'dispatch thunk timeout #f))
    ((dispatcher thunk timeout default)
     (%dispatch "dispatch" dispatcher 'dispatch thunk timeout (list (list 'value default))))))

;; Asks a dispatcher, or a pool, to compute (thunk).
(define (%dispatch who pid what thunk timeout otherwise)
  (%check-procedure who thunk)
  (%dispatched (%ask-within who pid (list what thunk) timeout otherwise)))

(define (%dispatched answer)
  (match answer
    (('value value) value)
    (('exception exception) (raise exception))))
